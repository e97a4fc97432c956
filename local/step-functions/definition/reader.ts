import { isList, isObject, type Json, type JsonObject } from '../json.ts'
import { type Expression, parseExpression } from '../query/expression.ts'
import { contextlessReferences, readsState } from '../query/references.ts'
import { expressionText, type Template, templateOf } from '../query/template.ts'
import type { Diagnostic } from './machine.ts'

/** Reads the fields of one object of a definition and notes what is wrong with them. */
export interface Reader {
  readonly location: string
  /** Notes a problem, by default with the object itself. */
  problem(message: string, field?: string, code?: string): void
  /** Notes every field that is none of `names`. */
  allowOnly(names: readonly string[]): void
  require(name: string): void
  has(name: string): boolean
  text(name: string): string | undefined
  number(name: string, range: { min: number; max?: number; isInteger?: boolean }): number | undefined
  object(name: string): Reader | undefined
  objects(name: string): readonly Reader[]
  entries(name: string): readonly (readonly [string, Reader])[]
  /** The keys of a field that is an object. */
  keys(name: string): readonly string[]
  texts(name: string): readonly string[]
  value(name: string): Json | undefined
  /** A field that may hold expressions; `catches` where `$states.errorOutput` has a meaning in it. */
  template(name: string, options?: { prefix?: string; catches?: boolean }): Template | undefined
}

/** A reader of `value`, which stands at `location`; what is wrong is added to `diagnostics`. */
export function readerOf(value: JsonObject, location: string, diagnostics: Diagnostic[]): Reader {
  const at = (field: string) => `${location}/${field}`
  const note = (code: string, message: string, place: string) =>
    void diagnostics.push({ code, message, location: place || '/' })
  const problem = (message: string, field?: string, code = 'SCHEMA_VALIDATION_FAILED') =>
    note(code, message, field === undefined ? location : at(field))
  const wrong = (message: string, field: string): undefined => {
    problem(message, field)
    return undefined
  }
  const child = (part: Json | undefined, place: string) => {
    if (isObject(part)) return readerOf(part, place, diagnostics)
    note('SCHEMA_VALIDATION_FAILED', 'Expected value of type Object', place)
    return undefined
  }

  return {
    location,
    problem,
    allowOnly(names) {
      for (const name of Object.keys(value)) {
        if (!names.includes(name)) problem(`Field '${name}' is not supported`)
      }
    },
    require(name) {
      if (!(name in value)) problem(`The field '${name}' is required but was missing`)
    },
    has: (name) => name in value,
    text(name) {
      const text = value[name]
      if (text === undefined || typeof text === 'string') return text
      return wrong('Expected value of type String', name)
    },
    number(name, { min, max = Number.POSITIVE_INFINITY, isInteger = true }) {
      const number = value[name]
      if (number === undefined) return undefined
      if (typeof number !== 'number' || (isInteger && !Number.isInteger(number))) {
        return wrong(`Expected value of type ${isInteger ? 'Integer' : 'Number'}`, name)
      }
      if (number >= min && number <= max) return number
      return wrong(`Value ${number} must be between ${min} and ${max}`, name)
    },
    object: (name) => (name in value ? child(value[name], at(name)) : undefined),
    objects(name) {
      const list = value[name]
      if (list === undefined) return []
      if (!isList(list)) return wrong('Expected value of type Array', name) ?? []
      return list.flatMap((part, index) => child(part, `${at(name)}[${index}]`) ?? [])
    },
    entries(name) {
      const parts = value[name]
      if (!isObject(parts)) return []
      return Object.entries(parts).flatMap(([key, part]) => {
        const reader = child(part, `${at(name)}/${key}`)
        return reader ? [[key, reader] as const] : []
      })
    },
    keys(name) {
      const parts = value[name]
      return isObject(parts) ? Object.keys(parts) : []
    },
    texts(name) {
      const list = value[name]
      if (!isList(list)) return wrong('Expected value of type Array', name) ?? []
      return list.flatMap((part) => (typeof part === 'string' ? [part] : []))
    },
    value: (name) => value[name],
    template(name, { prefix = '', catches = false } = {}) {
      const part = value[name]
      if (part === undefined) return undefined
      const read = (text: string, field: string) => {
        const place = `${location}/${field.slice(prefix.length)}`
        return readExpression(text, catches, (code, message) => note(code, message, place))
      }
      return templateOf(part, `${prefix}${name}`, read)
    },
  }
}

function readExpression(
  text: string,
  catches: boolean,
  note: (code: string, message: string) => void,
): Expression | undefined {
  try {
    const expression = parseExpression(text)
    for (const name of contextlessReferences(expression.syntax)) {
      note('UNSUPPORTED_JSONATA_EXPRESSION', `Reference to '${name}' at the top level is not supported.`)
    }
    if (!catches && readsState(expression.syntax, 'errorOutput')) {
      note('UNSUPPORTED_JSONATA_EXPRESSION', `Reference to '$states.errorOutput' is only supported in a Catch.`)
    }
    return expression
  } catch (error) {
    note('INVALID_JSONATA_EXPRESSION', error instanceof Error ? error.message : String(error))
    return undefined
  }
}

/** Whether a field holds an expression rather than a value. */
export function isExpression(value: Json | undefined): boolean {
  return value !== undefined && expressionText(value) !== undefined
}
