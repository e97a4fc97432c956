import type { z } from 'zod'
import { validationError } from './service-error.ts'

/** A call as it arrives, over HTTP or from an SDK client in this process. Header names are in lower case. */
export interface GatewayRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string | Uint8Array
}

export interface GatewayResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A call whose operation is known and whose body is parsed; `body` is what it was parsed from. */
export interface Call {
  readonly operation: string
  readonly input: unknown
  readonly body: string | Uint8Array
}

const encoder = new TextEncoder()

/** The answer that is `output` as JSON. */
export function jsonResponse(status: number, output: unknown): GatewayResponse {
  const body = encoder.encode(JSON.stringify(output ?? {}))
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body }
}

/** The members of a request that say what it touches. Throws the service's ValidationException where they are amiss. */
export function membersOf<Schema extends z.ZodType>(schema: Schema, { operation, input }: Call): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw validationError(`the request of ${operation} at '${issue?.path.join('.')}': ${issue?.message}`)
}
