/** A JSON value, as state inputs, outputs and definitions hold it. Never changed in place. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

/** Whether `value` is an object with keys: neither null, nor a list, nor a plain value. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether `value` is a list of JSON values. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** The value that `text` denotes; undefined where it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The JSON type of `value` in the words of error messages. */
export function typeName(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Whether `value` written as JSON takes more than `limitBytes` of UTF-8. */
export function isLargerThan(value: Json, limitBytes: number): boolean {
  if (roomLeft(value, limitBytes) >= 0) return false
  return Buffer.byteLength(JSON.stringify(value)) > limitBytes
}

/** What a generous estimate of the size of `value` leaves of `room`; negative where it may not fit. */
function roomLeft(value: Json, room: number): number {
  if (typeof value === 'string') return room - 6 * value.length - 2
  if (typeof value !== 'object' || value === null) return room - 25
  return isList(value) ? roomInList(value, room - 2) : roomInObject(value, room - 2)
}

function roomInList(parts: readonly Json[], room: number): number {
  let left = room
  for (let at = 0; at < parts.length && left >= 0; at++) left = roomLeft(parts[at] ?? null, left - 1)
  return left
}

function roomInObject(parts: JsonObject, room: number): number {
  let left = room
  for (const key in parts) {
    if (left < 0) return left
    left = roomLeft(parts[key] ?? null, left - 6 * key.length - 4)
  }
  return left
}
