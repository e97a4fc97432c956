import { EvaluationError } from '../errors.ts'
import { isList, type Json, typeName } from '../json.ts'
import { subject } from '../query/expression.ts'
import type { Scope } from '../query/scope.ts'
import { evaluateTemplate, type Steps, type Template } from '../query/template.ts'

/** Evaluates a field that must be a string. */
export function* evaluateText(template: Template, scope: Scope, field: string): Steps<string> {
  const value = yield* evaluateTemplate(template, scope)
  if (typeof value === 'string') return value
  throw unexpected(template, field, 'string', value)
}

/** Evaluates a field that must be true or false. */
export function* evaluateClaim(template: Template, scope: Scope, field: string): Steps<boolean> {
  const value = yield* evaluateTemplate(template, scope)
  if (typeof value === 'boolean') return value
  throw unexpected(template, field, 'boolean', value)
}

/** Evaluates a field that must be a whole number of at least `min`. */
export function* evaluateCount(template: Template, scope: Scope, field: string, min = 0): Steps<number> {
  const value = yield* evaluateTemplate(template, scope)
  if (typeof value !== 'number') throw unexpected(template, field, 'number', value)
  if (Number.isInteger(value) && value >= min && value <= 99_999_999) return value
  throw new EvaluationError(`The ${field} field must be an integer of at least ${min} but was: ${value}`, {
    location: field,
  })
}

/** Evaluates a field that must be a number of percent. */
export function* evaluatePercentage(template: Template, scope: Scope, field: string): Steps<number> {
  const value = yield* evaluateTemplate(template, scope)
  if (typeof value !== 'number') throw unexpected(template, field, 'number', value)
  if (value >= 0 && value <= 100) return value
  throw new EvaluationError(`The ${field} field must be between 0 and 100 but was: ${value}`, { location: field })
}

/** What a field gave, which must be a list. */
export function asList(value: Json, template: Template, field: string): readonly Json[] {
  if (isList(value)) return value
  throw unexpected(template, field, 'array', value)
}

function unexpected(template: Template, field: string, expected: string, value: Json): EvaluationError {
  const what = template.is === 'expression' ? subject(template.expression.text, field) : `The field '${field}'`
  const was = `but was '${typeName(value)}' for value: ${JSON.stringify(value)}`
  return new EvaluationError(`${what} returned an unexpected result type. Expected '${expected}', ${was}`, {
    location: field,
  })
}
