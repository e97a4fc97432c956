import type { Machine, State } from '../definition/machine.ts'
import { evolve } from './evolve.ts'
import { type Execution, type Frame, framesWithin, rootFrame } from './execution.ts'
import type { Fact, Happening } from './fact.ts'
import type { Effect, Moment } from './input.ts'

/** An execution may have this many events in its history; the last one must be its end. */
const longestHistory = 25_000

/** Types of facts that the history does not show. */
const hiddenTypes: ReadonlySet<Happening['type']> = new Set<Happening['type']>([
  'waiting',
  'waited',
  'heartbeat',
  'retrying',
  'retried',
  'caught',
  'branchSucceeded',
])

/** An execution that has no room for another event. */
export class HistoryFullError extends Error {}

/** One step in the making: the execution as it is by now, and the facts that made it so. */
export class Turn {
  readonly machine: Machine
  readonly moment: Moment
  readonly facts: Fact[] = []
  readonly extraEffects: Effect[] = []
  execution: Execution

  constructor(machine: Machine, execution: Execution, moment: Moment) {
    this.machine = machine
    this.execution = execution
    this.moment = moment
  }

  /** Notes a fact; `previousId` where its predecessor is not the frame's last event. */
  add(frame: string, happening: Happening, previousId = this.find(frame)?.lastEventId ?? 0): Fact {
    const id = hiddenTypes.has(happening.type) ? 0 : this.execution.lastEventId + 1
    if (id >= longestHistory && happening.type !== 'ended') throw new HistoryFullError()
    const fact = { ...happening, frame, atMs: this.moment.nowMs, id, previousId: id === 0 ? 0 : previousId }
    this.facts.push(fact)
    this.execution = evolve(this.execution, fact)
    return fact
  }

  /** The frame as it is by now; undefined once it is gone. */
  find(frame: string): Frame | undefined {
    return this.execution.frames.get(frame)
  }

  /** The frame as it is by now. */
  frame(frame: string): Frame {
    const found = this.find(frame)
    if (!found) throw new Error(`Frame '${frame}' is not open`)
    return found
  }

  stateOf({ state }: Frame): State {
    return this.stateNamed(state)
  }

  stateNamed(name: string): State {
    const state = this.machine.states.get(name)
    if (!state) throw new Error(`The machine has no state '${name}'`)
    return state
  }

  /** Lets go of what runs inside `frame` (and of its own task), in the order of the frames. */
  abandonTasks(frame: string): void {
    for (const inner of framesWithin(this.execution, frame)) this.abandonTask(inner)
    if (frame === rootFrame) this.abandonTask(this.find(frame))
  }

  /** Has the execution stopped that the task of `frame` waits for, if there is one. */
  abandonTask(frame: Frame | undefined): void {
    if (frame?.phase.is !== 'running' || frame.phase.childArn === undefined) return
    this.extraEffects.push({ type: 'stopExecution', childArn: frame.phase.childArn })
  }
}
