import type { Evaluated } from '../core/input.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { Scope } from '../query/scope.ts'
import { evaluateTemplate, type Steps, type Template } from '../query/template.ts'

/** Evaluates the `Assign` and `Output` of a state, a rule or a catcher, both from the values on entry. */
export function* evaluateExit(
  scope: Scope,
  { assign, output }: { readonly assign?: Template; readonly output?: Template },
  next: string | undefined,
  defaultOutput: Json,
): Steps<Evaluated> {
  const assigned = assign ? asObject(yield* evaluateTemplate(assign, scope)) : undefined
  const result = output ? yield* evaluateTemplate(output, scope) : defaultOutput
  return { is: 'exit', output: result, ...(assigned && { assigned }), ...(next !== undefined && { next }) }
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {}
}
