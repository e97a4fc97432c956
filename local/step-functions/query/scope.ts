import type { Json, JsonObject } from '../json.ts'

/** `$states`, as an expression sees it. */
export interface States {
  readonly input: Json
  readonly result?: Json
  readonly errorOutput?: JsonObject
  readonly context: JsonObject
}

/** What an expression may refer to, and the time that `$now()` and `$millis()` give. */
export interface Scope {
  readonly states: States
  readonly variables: Readonly<Record<string, Json>>
  readonly nowMs: number
}
