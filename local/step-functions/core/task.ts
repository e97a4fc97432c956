import type { Integration } from '../definition/machine.ts'
import type { Failure } from '../errors.ts'
import { isLargerThan } from '../json.ts'
import { heartbeatTimeoutAt, timeoutAt } from './effects.ts'
import type { Frame, RunningTask } from './execution.ts'
import type { TaskPlan } from './fact.ts'
import { fail, named } from './failure.ts'
import type { TaskAnswer } from './input.ts'
import { longestPayload, tooLarge } from './limits.ts'
import type { Turn } from './turn.ts'

/** Schedules a task and begins it. */
export function startTask(turn: Turn, { id }: Frame, { resource }: Integration, plan: TaskPlan): void {
  const { parameters, reference, timeoutSeconds, heartbeatSeconds } = plan
  turn.add(id, {
    type: 'scheduled',
    resource,
    parameters,
    reference,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
  })
  turn.add(id, { type: 'begun', resource })
}

/** Goes on with a task that its service, its token or its execution has answered. */
export function onAnswer(turn: Turn, { id }: Frame, { resource }: RunningTask, answer: TaskAnswer): void {
  if (answer.is === 'submitted') {
    const { output, childArn } = answer
    turn.add(id, { type: 'submitted', resource, output, ...(childArn !== undefined && { childArn }) })
  } else if (answer.is === 'success' && !isLargerThan(answer.output, longestPayload)) {
    turn.add(id, { type: 'succeeded', resource, output: answer.output })
  } else {
    failTask(turn, id, resource, answer.is === 'success' ? tooLarge(nameOf(resource)) : named(answer))
  }
}

function failTask(turn: Turn, id: string, resource: string, failure: Failure): void {
  turn.add(id, { type: 'failed', resource, ...named(failure) })
  fail(turn, id, { ...failure, also: ['States.TaskFailed'] })
}

/** The service of an integration, or the ARN of a function, as messages name a task. */
function nameOf(resource: string): string {
  return /^arn:aws:states:::(\w+):/.exec(resource)?.[1] ?? resource
}

/** Fails a task that has taken too long; nothing where it still has time. */
export function onDeadline(turn: Turn, frame: Frame, task: RunningTask): void {
  const { nowMs } = turn.moment
  const hasMissedHeartbeat = heartbeatTimeoutAt(task) <= nowMs
  if (!hasMissedHeartbeat && timeoutAt(task) > nowMs) return
  const failure: Failure = { error: 'States.Timeout', also: hasMissedHeartbeat ? ['States.HeartbeatTimeout'] : [] }
  turn.abandonTask(frame)
  turn.add(frame.id, { type: 'timedOut', resource: task.resource, error: 'States.Timeout' })
  fail(turn, frame.id, failure)
}
