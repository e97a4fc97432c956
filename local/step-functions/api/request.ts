import { StepFunctionsError, validationError } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'

/** Reads the parameters of a request. */
export interface Request {
  /** Refuses every parameter that is none of `names`. */
  allowOnly(...names: readonly string[]): void
  text(name: string): string | undefined
  requiredText(name: string): string
  whole(name: string, range: { min: number; max: number }): number | undefined
  claim(name: string): boolean | undefined
  object(name: string): JsonObject | undefined
  list(name: string): readonly Json[] | undefined
  has(name: string): boolean
}

/** A reader of the parameters that a caller sent. */
export function requestOf(input: unknown): Request {
  const parameters: Readonly<Record<string, unknown>> = isObject(input) ? input : {}
  const value = (name: string) => parameters[name] ?? undefined
  const typed = (name: string, type: 'string' | 'number' | 'boolean') => {
    if (value(name) !== undefined && typeof value(name) !== type) {
      throw new StepFunctionsError('SerializationException', `Expected '${name}' to be a ${type}`)
    }
    return value(name)
  }
  const text = (name: string) => {
    const found = typed(name, 'string')
    return typeof found === 'string' ? found : undefined
  }

  return {
    allowOnly(...names) {
      const unknown = Object.keys(parameters).find((name) => value(name) !== undefined && !names.includes(name))
      if (unknown !== undefined)
        throw validationError(`Parameter '${unknown}' is not supported; expected ${names.join(', ')}`)
    },
    text,
    requiredText(name) {
      const found = text(name)
      if (found !== undefined) return found
      throw validationError(`Value null at '${name}' failed to satisfy constraint: Member must not be null`)
    },
    whole(name, { min, max }) {
      const found = typed(name, 'number')
      if (typeof found !== 'number') return undefined
      if (Number.isInteger(found) && found >= min && found <= max) return found
      const constraint = found < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`
      throw validationError(
        `Value '${found}' at '${name}' failed to satisfy constraint: Member must have value ${constraint}`,
      )
    },
    claim(name) {
      const found = typed(name, 'boolean')
      return typeof found === 'boolean' ? found : undefined
    },
    object(name) {
      const found = value(name)
      return isObject(found) ? found : undefined
    },
    list(name) {
      const found = value(name)
      return Array.isArray(found) ? found : undefined
    },
    has: (name) => value(name) !== undefined,
  }
}

/** The number of results on a page: `maxResults`, where 0 and absent mean the default. */
export function pageSize(request: Request, max = 1000): number {
  return request.whole('maxResults', { min: 0, max }) || Math.min(100, max)
}

/** A token for the page that starts at `cursor` of the list that `list` names. */
export function pageToken(list: string, cursor: string | number): string {
  return Buffer.from(JSON.stringify([list, cursor])).toString('base64')
}

/** The cursor in a request's `nextToken`; undefined on the first page. A token of another list is refused. */
export function cursorIn(request: Request, list: string): string | number | undefined {
  const token = request.text('nextToken')
  if (token === undefined) return undefined
  const [owner, cursor] = readToken(token)
  if (owner === list && (typeof cursor === 'string' || typeof cursor === 'number')) return cursor
  throw new StepFunctionsError('InvalidToken', `Invalid Token: 'Invalid token'`)
}

function readToken(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

/** A time as the protocol has it: seconds since the epoch. */
export function seconds(timeMs: number): number {
  return timeMs / 1000
}
