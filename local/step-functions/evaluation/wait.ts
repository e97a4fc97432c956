import type { Evaluated } from '../core/input.ts'
import { isTimestamp } from '../definition/fields.ts'
import type { WaitState } from '../definition/machine.ts'
import { EvaluationError } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { Steps } from '../query/template.ts'
import { evaluateCount, evaluateText } from './typed.ts'

/** The longest wait, in seconds. */
const longestDelaySeconds = 2 ** 31

/** Evaluates until when a Wait state waits. */
export function* evaluateWait(scope: Scope, { until }: WaitState): Steps<Evaluated> {
  const { nowMs } = scope
  if (until.is === 'seconds') {
    const seconds = yield* evaluateCount(until.value, scope, 'Seconds')
    return { is: 'wait', dueMs: nowMs + seconds * 1000 }
  }
  const timestamp = yield* evaluateText(until.value, scope, 'Timestamp')
  if (!isTimestamp(timestamp)) {
    const expected = 'an ISO-8601 extended offset date-time format string'
    throw new EvaluationError(`The Timestamp field cannot be parsed as ${expected}: ${timestamp}`, {
      location: 'Timestamp',
      isAfterEntry: true,
    })
  }
  const dueMs = Date.parse(timestamp)
  if (dueMs - nowMs <= longestDelaySeconds * 1000) return { is: 'wait', dueMs: Math.max(dueMs, nowMs) }
  throw new EvaluationError('Wait state delay is too long.', { error: 'States.Runtime' })
}
