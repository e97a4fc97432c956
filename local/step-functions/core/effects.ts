import type { Machine } from '../definition/machine.ts'
import type { Execution, Frame, RunningTask } from './execution.ts'
import type { Effect } from './input.ts'

/** What an open execution waits for, all of it: what a restart has to take up again. */
export function allEffects(machine: Machine, execution: Execution): Effect[] {
  if (execution.outcome || execution.factCount === 0) return []
  return [...overdueEffects(machine, execution), ...[...execution.frames.values()].flatMap(effectsOf)]
}

/** The end of the time that the machine gives an execution, where it sets a limit. */
export function overdueEffects({ timeoutSeconds }: Machine, { startedAtMs }: Execution): Effect[] {
  return timeoutSeconds === undefined ? [] : [{ type: 'wakeOverdue', atMs: startedAtMs + timeoutSeconds * 1000 }]
}

/** What one frame waits for. */
export function effectsOf(frame: Frame): Effect[] {
  const { id, ticket, phase } = frame
  const alarm = alarmOf(frame)
  if (phase.is === 'entered' || phase.is === 'leaving' || phase.is === 'catching') {
    return [{ type: 'evaluate', frame: id, ticket }]
  }
  if (phase.is !== 'running') return alarm
  if (!phase.isSubmitted) return [{ type: 'perform', frame: id, ticket }, ...alarm]
  const { childArn } = phase
  return childArn === undefined ? alarm : [{ type: 'awaitExecution', frame: id, ticket, childArn }, ...alarm]
}

/** The time at which a frame goes on, or its task has taken too long. */
export function alarmOf({ id, ticket, phase }: Frame): Effect[] {
  const atMs = phase.is === 'waiting' || phase.is === 'retrying' ? phase.dueMs : deadlineOf(phase)
  return atMs === undefined ? [] : [{ type: 'wake', frame: id, ticket, atMs }]
}

function deadlineOf(phase: Frame['phase']): number | undefined {
  if (phase.is !== 'running') return undefined
  const deadlineMs = Math.min(timeoutAt(phase), heartbeatTimeoutAt(phase))
  return Number.isFinite(deadlineMs) ? deadlineMs : undefined
}

/** When a task's `TimeoutSeconds` are over. */
export function timeoutAt({ scheduledAtMs, timeoutSeconds }: RunningTask): number {
  return timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : scheduledAtMs + timeoutSeconds * 1000
}

/** When a task has been without a heartbeat for its `HeartbeatSeconds`. */
export function heartbeatTimeoutAt({ heartbeatAtMs, heartbeatSeconds }: RunningTask): number {
  return heartbeatSeconds === undefined ? Number.POSITIVE_INFINITY : heartbeatAtMs + heartbeatSeconds * 1000
}
