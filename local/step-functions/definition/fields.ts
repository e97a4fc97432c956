import { isObject } from '../json.ts'
import type { Reader } from './reader.ts'

/** An object with `key` where there is a value for it. */
export function present<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  const parts: { [K in Key]?: Value } = {}
  if (value !== undefined) parts[key] = value
  return parts
}

/** The `Assign` and `Output` of a state, a rule or a catcher. */
export function results(reader: Reader, options: { prefix?: string; catches?: boolean } = {}) {
  if (reader.has('Assign') && !isObject(reader.value('Assign')))
    reader.problem('Expected value of type Object', 'Assign')
  for (const name of reader.keys('Assign')) {
    if (name === 'states' || !/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name)) {
      reader.problem(`'${name}' is no name for a variable`, `Assign/${name}`)
    }
  }
  return {
    ...present('assign', reader.template('Assign', options)),
    ...present('output', reader.template('Output', options)),
  }
}

/** A field that is a number, or an expression that gives one. */
export function numberTemplate(
  reader: Reader,
  name: string,
  range: { min: number; max?: number; isInteger?: boolean },
) {
  const template = reader.template(name)
  if (template && template.is !== 'expression') reader.number(name, range)
  return template
}

/** Whether `value` is an ISO 8601 date and time with an offset. */
export function isTimestamp(value: unknown): boolean {
  const format = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
  return typeof value === 'string' && format.test(value) && !Number.isNaN(Date.parse(value))
}
