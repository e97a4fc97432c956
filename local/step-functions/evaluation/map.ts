import type { MapPlan } from '../core/fact.ts'
import type { Evaluated } from '../core/input.ts'
import type { MapState } from '../definition/machine.ts'
import { EvaluationError } from '../errors.ts'
import { isList, isObject, type Json } from '../json.ts'
import type { Scope } from '../query/scope.ts'
import { evaluateTemplate, type Steps } from '../query/template.ts'
import { asList, evaluateCount, evaluatePercentage } from './typed.ts'

/** Evaluates the items of a Map, how they are worked off, and the input of every iteration. */
export function* evaluateMap(scope: Scope, state: MapState): Steps<Evaluated> {
  const { maxConcurrency, toleratedFailureCount: count, toleratedFailurePercentage: percentage } = state
  const source = yield* evaluateItems(scope, state)
  const plan: MapPlan = {
    ...source,
    inputs: yield* evaluateInputs(scope, state, source),
    maxConcurrency: maxConcurrency ? yield* evaluateCount(maxConcurrency, scope, 'MaxConcurrency') : 0,
    ...(count && { toleratedFailureCount: yield* evaluateCount(count, scope, 'ToleratedFailureCount') }),
    ...(percentage && {
      toleratedFailurePercentage: yield* evaluatePercentage(percentage, scope, 'ToleratedFailurePercentage'),
    }),
  }
  return { is: 'map', plan }
}

type Source = Pick<MapPlan, 'items' | 'keys'>

function* evaluateItems(scope: Scope, { items }: MapState): Steps<Source> {
  const { input } = scope.states
  if (!items && !isList(input)) {
    throw new EvaluationError(`Map state input must be an array but was: ${JSON.stringify(input)}`)
  }
  if (!items) return { items: isList(input) ? input : [] }
  const value = yield* evaluateTemplate(items, scope)
  if (isObject(value)) return { items: Object.values(value), keys: Object.keys(value) }
  return { items: asList(value, items, 'Items') }
}

function* evaluateInputs(scope: Scope, { itemSelector }: MapState, { items, keys }: Source): Steps<readonly Json[]> {
  if (!itemSelector) return items
  if (itemSelector.is === 'literal') return items.map(() => itemSelector.value)
  const inputs: Json[] = []
  for (const [index, value] of items.entries()) {
    const key = keys?.[index]
    const item = { Index: index, Value: value, ...(key !== undefined && { Key: key }), Source: 'STATE_DATA' }
    const context = { ...scope.states.context, Map: { Item: item } }
    const { input } = scope.states
    inputs.push(yield* evaluateTemplate(itemSelector, { ...scope, states: { input, context } }))
  }
  return inputs
}
