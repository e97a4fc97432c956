import { InvalidInputError } from '../domain/errors.ts'

/** The error of a rule that is refused: what stands at `pointer` and what was expected there. */
export function refusal(pointer: string, detail: string): InvalidInputError {
  return new InvalidInputError(`The rule is refused: ${pointer} ${detail}`, [{ pointer, detail }])
}

/** A value as a message quotes it, cut where it is long. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return `'${text.length > 80 ? `${text.slice(0, 80)}…` : text}'`
}

/** An object's fields, once it is known to have all of `required`, and otherwise only some of `optional`. */
export function readFields<Name extends string>(
  value: unknown,
  pointer: string,
  { required, optional = [] }: { readonly required: readonly Name[]; readonly optional?: readonly Name[] },
): Partial<Record<Name, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(pointer, `is ${quoted(value)}; expected an object with ${required.join(', ')}`)
  }
  const allowed: readonly string[] = [...required, ...optional]
  const unknown = Object.keys(value).find((key) => !allowed.includes(key))
  if (unknown !== undefined) throw refusal(pointer, `has ${quoted(unknown)}; expected only ${allowed.join(', ')}`)
  const missing = required.find((key) => !Object.hasOwn(value, key))
  if (missing !== undefined) throw refusal(pointer, `lacks '${missing}'`)
  return value
}

/** A text of 1 to 300 characters. */
export function readText(value: unknown, pointer: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 300) return value
  throw refusal(pointer, `is ${quoted(value)}; expected a text of 1 to 300 characters`)
}

/** One of the choices. */
export function readChoice<Choice extends string>(value: unknown, pointer: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === value)
  if (choice === undefined) throw refusal(pointer, `is ${quoted(value)}; expected one of ${choices.join(', ')}`)
  return choice
}
