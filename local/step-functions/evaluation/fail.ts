import type { Evaluated } from '../core/input.ts'
import type { FailState } from '../definition/machine.ts'
import type { Scope } from '../query/scope.ts'
import type { Steps } from '../query/template.ts'
import { evaluateText } from './typed.ts'

/** Evaluates the `Error` and `Cause` of a Fail state. */
export function* evaluateFail(scope: Scope, state: FailState): Steps<Evaluated> {
  const error = state.error && (yield* evaluateText(state.error, scope, 'Error'))
  const cause = state.cause && (yield* evaluateText(state.cause, scope, 'Cause'))
  return { is: 'fail', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
}
