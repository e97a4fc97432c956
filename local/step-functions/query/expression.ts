import { EvaluationError } from '../errors.ts'
import { isObject, type Json } from '../json.ts'
import { allowance, bindLimits, deepestNesting, depthOf } from './bounds.ts'
import { fastPath, slow } from './fast-path.ts'
import { addFunctions, timeName } from './functions.ts'
import type { Scope } from './scope.ts'
import { type ParsedExpression, parse, type SyntaxNode } from './syntax.ts'

/** A JSONata expression, parsed once and evaluated many times. */
export interface Expression {
  readonly text: string
  readonly syntax: SyntaxNode
  /** The value in `scope`, or a promise of it; fails with an EvaluationError that names `field`. */
  evaluate(scope: Scope, field: string): Json | Promise<Json>
}

/** Parses the text between `{%` and `%}`; throws an Error that says why it is no expression. */
export function parseExpression(text: string): Expression {
  const parsed = parseText(text)
  const syntax = parsed.ast()
  const isTooDeep = depthOf(syntax) > deepestNesting
  const fast = isTooDeep ? undefined : fastPath(syntax)
  bindLimits(parsed)
  addFunctions(parsed)

  return {
    text,
    syntax,
    evaluate(scope, field) {
      if (isTooDeep) throw thrown(text, field, ': The expression is nested too deeply')
      const value = fast ? fast(scope) : slow
      return value === slow ? evaluateSlowly(parsed, text, scope, field) : asResult(value, text, field)
    },
  }
}

function parseText(text: string): ParsedExpression {
  try {
    return parse(text)
  } catch (error) {
    throw new Error(messageOf(error).replace(/^[.:] /, ''), { cause: error })
  }
}

async function evaluateSlowly(parsed: ParsedExpression, text: string, scope: Scope, field: string): Promise<Json> {
  const { states, variables, nowMs } = scope
  let value: unknown
  try {
    value = await parsed.evaluate(undefined, { ...variables, states, [timeName]: nowMs, ...allowance() })
  } catch (error) {
    throw thrown(text, field, messageOf(error))
  }
  const result = toJson(value)
  if (result === unsupported)
    throw new EvaluationError(`${subject(text, field)} returned an unsupported result type.`, { location: field })
  return asResult(result, text, field)
}

function asResult(value: unknown, text: string, field: string): Json {
  if (isJson(value)) return value
  throw new EvaluationError(`${subject(text, field)} returned nothing (undefined).`, { location: field })
}

/** How messages name an expression. */
export function subject(text: string, field: string): string {
  return `The JSONata expression '${text}' specified for the field '${field}'`
}

function thrown(text: string, field: string, message: string): EvaluationError {
  return new EvaluationError(`${subject(text, field)} threw an error during evaluation${message}`, { location: field })
}

/** `. <code>: <message>` of an error of the library, `: <message>` of any other. */
function messageOf(error: unknown): string {
  if (error instanceof Error && !('code' in error)) return `: ${error.message}`
  if (typeof error !== 'object' || error === null || !('code' in error)) return `: ${String(error)}`
  return `. ${String(error.code)}: ${'message' in error ? String(error.message) : ''}`
}

const unsupported = Symbol('unsupported')

/** A copy of what the library gave as plain JSON; `unsupported` where it holds a function. */
function toJson(value: unknown): Json | undefined | typeof unsupported {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return listToJson(value)
  if (typeof value === 'function' || isFunctionObject(value)) return unsupported
  return isObject(value) ? objectToJson(value) : isJson(value) ? value : undefined
}

function listToJson(values: readonly unknown[]): Json | typeof unsupported {
  const parts: Json[] = []
  for (const value of values) {
    const part = toJson(value)
    if (part === unsupported) return unsupported
    if (part !== undefined) parts.push(part)
  }
  return parts
}

function objectToJson(value: object): Json | typeof unsupported {
  const parts: [string, Json][] = []
  for (const [key, child] of Object.entries(value)) {
    const part = toJson(child)
    if (part === unsupported) return unsupported
    if (part !== undefined) parts.push([key, part])
  }
  return Object.fromEntries(parts)
}

function isFunctionObject(value: unknown): boolean {
  return isObject(value) && ('_jsonata_function' in value || '_jsonata_lambda' in value)
}

function isJson(value: unknown): value is Json {
  return value !== undefined
}
