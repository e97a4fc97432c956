import type { Evaluated } from '../core/input.ts'
import type { ChoiceState } from '../definition/machine.ts'
import { EvaluationError } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import type { Steps } from '../query/template.ts'
import { evaluateExit } from './exit.ts'
import { evaluateClaim } from './typed.ts'

/** Evaluates the conditions of a Choice until one holds, then what that rule assigns and gives. */
export function* evaluateChoice(scope: Scope, state: ChoiceState): Steps<Evaluated> {
  const { input } = scope.states
  for (const [at, rule] of state.choices.entries()) {
    const isMet = yield* evaluateClaim(rule.condition, scope, `Choices[${at}]/Condition`)
    if (isMet) return yield* evaluateExit(scope, rule, rule.next, input)
  }
  if (state.default !== undefined) return yield* evaluateExit(scope, state, state.default, input)
  throw new EvaluationError('Failed to transition out of the state. No choice rule matched.', {
    error: 'States.NoChoiceMatched',
  })
}
