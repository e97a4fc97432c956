import { isList, isObject, type Json } from '../json.ts'
import type { Expression } from './expression.ts'
import type { Scope } from './scope.ts'

/** A field of a state: a value with expressions at any depth of it. */
export type Template =
  | { readonly is: 'literal'; readonly value: Json }
  | { readonly is: 'expression'; readonly expression: Expression; readonly field: string }
  | { readonly is: 'list'; readonly parts: readonly Template[] }
  | { readonly is: 'object'; readonly parts: readonly (readonly [string, Template])[] }

/** A computation that pauses where it must wait for a promise, and goes on with what that gave. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>

/** The template of `value`, which stands in `field`; `toExpression` parses what is between `{%` and `%}`. */
export function templateOf(
  value: Json,
  field: string,
  toExpression: (text: string, field: string) => Expression | undefined,
): Template {
  if (isList(value)) {
    const parts = value.map((part, at) => templateOf(part, `${field}[${at}]`, toExpression))
    return parts.every(isLiteral) ? { is: 'literal', value } : { is: 'list', parts }
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
    const parts = entries.map(([key, part]) => [key, templateOf(part, `${field}/${key}`, toExpression)] as const)
    return parts.every(([, part]) => isLiteral(part)) ? { is: 'literal', value } : { is: 'object', parts }
  }
  const text = expressionText(value)
  const expression = text === undefined ? undefined : toExpression(text, field)
  return expression ? { is: 'expression', expression, field } : { is: 'literal', value }
}

/** The expression that a string is, when it starts with `{%` and ends with `%}` exactly. */
export function expressionText(value: Json): string | undefined {
  if (typeof value !== 'string' || value.length < 4) return undefined
  return value.startsWith('{%') && value.endsWith('%}') ? value.slice(2, -2).trim() : undefined
}

/** The value of a template in `scope`. */
export function* evaluateTemplate(template: Template, scope: Scope): Steps<Json> {
  if (template.is === 'literal') return template.value
  if (template.is === 'expression') {
    const value = template.expression.evaluate(scope, template.field)
    return value instanceof Promise ? yield* settled(value) : value
  }
  if (template.is === 'list') {
    const parts: Json[] = []
    for (const part of template.parts) parts.push(isLiteral(part) ? part.value : yield* evaluateTemplate(part, scope))
    return parts
  }
  const parts: Record<string, Json> = {}
  for (const [key, part] of template.parts) {
    parts[key] = isLiteral(part) ? part.value : yield* evaluateTemplate(part, scope)
  }
  return parts
}

/** Runs `steps`: to its result at once where it never waits, else to a promise of it. */
export function run<T>(steps: Steps<T>): T | Promise<T> {
  const first = steps.next()
  return first.done ? first.value : drive(steps, first.value)
}

async function drive<T>(steps: Steps<T>, first: Promise<unknown>): Promise<T> {
  let waiting = first
  for (;;) {
    const next = await waiting.then(
      (value) => steps.next(value),
      (error: unknown) => steps.throw(error),
    )
    if (next.done) return next.value
    waiting = next.value
  }
}

function* settled(promise: Promise<Json>): Steps<Json> {
  let result: Json = null
  yield promise.then((value) => {
    result = value
  })
  return result
}

function isLiteral(template: Template): template is { is: 'literal'; value: Json } {
  return template.is === 'literal'
}
