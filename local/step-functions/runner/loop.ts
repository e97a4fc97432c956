import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { allEffects } from '../core/effects.ts'
import { blankExecution, evolve } from '../core/evolve.ts'
import { type Execution, rootFrame } from '../core/execution.ts'
import type { Effect, Input } from '../core/input.ts'
import { step } from '../core/step.ts'
import type { Machine } from '../definition/machine.ts'
import type { Identity } from '../evaluation/context.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import type { Database } from '../store/database.ts'
import type { ExecutionStore } from '../store/execution-store.ts'
import type { FactLog } from '../store/fact-log.ts'
import type { Running } from './running.ts'
import { tokenOf } from './token.ts'

/** How many steps are taken before what they did is committed and others get their turn. */
const stepsPerCommit = 1000

export interface LoopOptions {
  readonly clock: Clock
  readonly database: Database
  readonly executions: ExecutionStore
  readonly log: FactLog
  /** Does what a step wants done outside its execution; `answer` tells the execution what came of it. */
  perform(running: Running, effect: OutsideEffect, answer: (input: Input) => void): void
}

export type OutsideEffect = Extract<Effect, { type: 'perform' | 'awaitExecution' | 'stopExecution' }>

/** The one place where executions move: it takes steps, keeps their facts, and only then acts on them. */
export interface Loop {
  /** Begins an execution that has just been added. */
  begin(number: number, identity: Identity, machine: Machine, input: Input & { type: 'start' }): void
  /** Takes up an execution of an earlier process where its facts leave it. */
  resume(number: number, identity: Identity, machine: Machine): void
  /** Takes a step of an open execution. */
  feed(number: number, input: Input): void
  find(number: number): Running | undefined
  /** Settles once everything fed so far is durable. */
  committed(): Promise<void>
  /** Calls `tell` once the execution is closed and that is durable; at once where it is not open. */
  onClosed(number: number, tell: () => void): void
  /** Commits and stops: nothing moves any more. */
  close(): void
}

/** A loop over the executions of a database. */
export function startLoop(options: LoopOptions): Loop {
  const { clock, database, executions, log } = options
  const open = new Map<number, Running>()
  const queue: { running: Running; input: Input }[] = []
  const unsaved = new Set<Running>()
  const closeWatchers = new Map<number, (() => void)[]>()
  /** What is to be done after the next commit, and who waits for it. */
  let deferred: (() => void)[] = []
  let waiters: (() => void)[] = []
  let isStepping = false
  let isCommitDue = false
  let isClosed = false

  const feed = (number: number, input: Input) => {
    const running = open.get(number)
    if (!running || isClosed) return
    queue.push({ running, input })
    takeSteps()
    commitSoon()
  }

  const takeSteps = () => {
    if (isStepping) return
    isStepping = true
    try {
      for (let left = stepsPerCommit; left > 0; left--) {
        const next = queue.shift()
        if (!next) break
        takeStep(next.running, next.input)
      }
    } finally {
      isStepping = false
    }
  }

  const takeStep = (running: Running, input: Input) => {
    const moment = { nowMs: clock.now(), random: Math.random() }
    const { execution, facts, effects } = step(running.machine, running.execution, input, moment)
    if (facts.length > 0) {
      running.execution = execution
      running.unsaved.push(...facts)
      unsaved.add(running)
      cancelAlarms(running)
    }
    for (const effect of effects) start(running, effect)
    if (execution.outcome && facts.length > 0) closeExecution(running, execution)
  }

  const start = (running: Running, effect: Effect) => {
    const { number } = running
    if (effect.type === 'evaluate') startEvaluation(running, effect)
    else if (effect.type === 'wake') setAlarm(running, effect.frame, effect.ticket, effect.atMs)
    else if (effect.type === 'wakeOverdue') setAlarm(running, overdueAlarm, 0, effect.atMs)
    else deferred.push(() => options.perform(running, effect, (input) => feed(number, input)))
  }

  const startEvaluation = (running: Running, { frame: id, ticket }: Effect & { type: 'evaluate' }) => {
    const { number, identity, machine, execution } = running
    const frame = execution.frames.get(id)
    if (!frame) return
    const evaluated = evaluate(
      {
        identity,
        machine,
        execution,
        nowMs: clock.now(),
        newReference: randomUUID,
        tokenOf: (frame, reference) => tokenOf({ execution: number, frame, reference }),
      },
      frame,
    )
    if (evaluated instanceof Promise) {
      void clock.track(
        evaluated.then((value) => feed(number, { type: 'evaluated', frame: id, ticket, evaluated: value })),
      )
    } else {
      queue.push({ running, input: { type: 'evaluated', frame: id, ticket, evaluated } })
    }
  }

  const setAlarm = ({ number, alarms }: Running, frame: string, ticket: number, atMs: number) => {
    const wake = (): void =>
      frame === overdueAlarm ? feed(number, { type: 'overdue' }) : feed(number, { type: 'due', frame, ticket })
    alarms.get(frame)?.cancel()
    alarms.set(frame, { ticket, cancel: clock.at(atMs, wake) })
  }

  /** Cancels the alarms of frames that have moved on. */
  const cancelAlarms = ({ alarms, execution }: Running) => {
    for (const [frame, { ticket, cancel }] of alarms) {
      const isWanted = execution.frames.get(frame)?.ticket === ticket || (frame === overdueAlarm && !execution.outcome)
      if (isWanted) continue
      cancel()
      alarms.delete(frame)
    }
  }

  const closeExecution = (running: Running, { outcome }: Execution) => {
    const { number } = running
    open.delete(number)
    if (outcome) executions.close(number, clock.now(), outcome)
    for (const tell of closeWatchers.get(number) ?? []) deferred.push(tell)
    closeWatchers.delete(number)
  }

  /** Commits once everything that can go on now has: one commit keeps what many executions did. */
  const commitSoon = () => {
    if (isCommitDue) return
    isCommitDue = true
    void clock.track(nextTurn().then(commit))
  }

  const commit = () => {
    if (isClosed) return
    isCommitDue = false
    save()
    const actions = [...deferred, ...waiters]
    deferred = []
    waiters = []
    for (const act of actions) act()
    if (queue.length === 0) return
    takeSteps()
    commitSoon()
  }

  const save = () => {
    for (const running of unsaved) {
      log.append(running.number, running.unsaved)
      running.unsaved = []
    }
    unsaved.clear()
    database.commit()
  }

  return {
    begin(number, identity, machine, input) {
      const blank = { execution: blankExecution, unsaved: [], alarms: new Map() }
      open.set(number, { number, identity, machine, ...blank })
      feed(number, input)
    },
    resume(number, identity, machine) {
      const execution = log.read(number).reduce(evolve, blankExecution)
      const running: Running = { number, identity, machine, execution, unsaved: [], alarms: new Map() }
      open.set(number, running)
      for (const effect of allEffects(machine, execution)) start(running, effect)
      takeSteps()
      commitSoon()
    },
    feed,
    find: (number) => open.get(number),
    committed: () =>
      new Promise((resolve) => {
        if (isClosed) resolve()
        waiters.push(resolve)
        commitSoon()
      }),
    onClosed(number, tell) {
      if (open.has(number)) closeWatchers.set(number, [...(closeWatchers.get(number) ?? []), tell])
      else tell()
    },
    close() {
      save()
      isClosed = true
      for (const tell of waiters) tell()
      for (const { alarms } of open.values()) for (const { cancel } of alarms.values()) cancel()
    },
  }
}

/** The key of the alarm that belongs to the execution rather than to a frame. */
const overdueAlarm = `${rootFrame}!`

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
