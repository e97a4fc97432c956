import type { Evaluated } from '../core/input.ts'
import type { ParallelState } from '../definition/machine.ts'
import type { Scope } from '../query/scope.ts'
import { evaluateTemplate, type Steps } from '../query/template.ts'

/** Evaluates what every branch of a Parallel gets as its input. */
export function* evaluateParallel(scope: Scope, state: ParallelState): Steps<Evaluated> {
  const input = state.arguments ? yield* evaluateTemplate(state.arguments, scope) : scope.states.input
  return { is: 'branches', input }
}
