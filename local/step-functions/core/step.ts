import type { Machine } from '../definition/machine.ts'
import { alarmOf, effectsOf, overdueEffects } from './effects.ts'
import { type Execution, type Frame, rootFrame } from './execution.ts'
import type { Fact } from './fact.ts'
import type { Effect, Input, Moment } from './input.ts'
import { enter } from './join.ts'
import { onEvaluated } from './state.ts'
import { onAnswer, onDeadline } from './task.ts'
import { HistoryFullError, Turn } from './turn.ts'

/** What an input made of an execution: its new state, the facts to keep, and what is then to be done. */
export interface Step {
  readonly execution: Execution
  readonly facts: readonly Fact[]
  readonly effects: readonly Effect[]
}

/**
 * What `input` makes of an execution. It depends on nothing but its arguments and changes none of them; folding the
 * facts of all steps with `evolve` gives the last step's execution again.
 */
export function step(machine: Machine, execution: Execution, input: Input, moment: Moment): Step {
  if (execution.outcome) return { execution, facts: [], effects: [] }
  try {
    return stepOf(new Turn(machine, execution, moment), execution, (turn) => react(turn, input))
  } catch (error) {
    if (!(error instanceof HistoryFullError)) throw error
    return stepOf(new Turn(machine, execution, moment), execution, endFull)
  }
}

function stepOf(turn: Turn, before: Execution, act: (turn: Turn) => Effect[]): Step {
  const effects = act(turn)
  for (const frame of turn.execution.frames.values()) {
    if (before.frames.get(frame.id)?.ticket !== frame.ticket) effects.push(...effectsOf(frame))
  }
  return { execution: turn.execution, facts: turn.facts, effects: [...turn.extraEffects, ...effects] }
}

/** Notes what the input brings about; gives the effects that no frame's new phase stands for. */
function react(turn: Turn, input: Input): Effect[] {
  switch (input.type) {
    case 'start':
      return start(turn, input)
    case 'stop':
      end(turn, { status: 'ABORTED', error: input.error, cause: input.cause })
      return []
    case 'overdue':
      end(turn, { status: 'TIMED_OUT' })
      return []
  }
  const frame = turn.find(input.frame)
  if (!frame) return []
  if (input.type === 'heartbeat') {
    turn.add(frame.id, { type: 'heartbeat' })
  } else if (input.ticket === frame.ticket) {
    return reactInFrame(turn, frame, input)
  }
  return []
}

function start(turn: Turn, { input, roleArn }: Input & { type: 'start' }): Effect[] {
  turn.add(rootFrame, { type: 'started', input, roleArn })
  enter(turn, rootFrame, turn.machine.startAt, input)
  return overdueEffects(turn.machine, turn.execution)
}

function reactInFrame(turn: Turn, frame: Frame, input: Input & { ticket: number }): Effect[] {
  const { id, phase } = frame
  if (input.type === 'evaluated') onEvaluated(turn, frame, input.evaluated)
  if (input.type === 'answered' && phase.is === 'running') onAnswer(turn, frame, phase, input.answer)
  if (input.type !== 'due') return []
  if (phase.is === 'waiting') turn.add(id, { type: 'waited' })
  if (phase.is === 'retrying') turn.add(id, { type: 'retried' })
  if (phase.is === 'running') onDeadline(turn, frame, phase)
  const isUnchanged = turn.find(id)?.ticket === frame.ticket
  return isUnchanged ? alarmOf(frame) : []
}

type Ending = { status: 'ABORTED' | 'TIMED_OUT'; error?: string | undefined; cause?: string | undefined }

function end(turn: Turn, { status, error, cause }: Ending): void {
  turn.abandonTasks(rootFrame)
  const named = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
  turn.add(rootFrame, { type: 'ended', status, ...named }, 0)
}

function endFull(turn: Turn): Effect[] {
  const cause = 'The execution reached the maximum number of history events (25000).'
  turn.abandonTasks(rootFrame)
  turn.add(rootFrame, { type: 'ended', status: 'FAILED', error: 'States.Runtime', cause })
  return []
}
