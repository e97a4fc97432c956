import { createHash, randomUUID } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { z } from 'zod'
import { InvalidInputError } from '../domain/errors.ts'
import { BadRequestError } from './problem.ts'

/** Who asks: an operator by their token's claims, a device by its authorizer's word, or nobody in particular. */
export interface Caller {
  readonly tenantId: string
  /** The operator's or the device's id. */
  readonly callerId: string
}

const authorizer = z.object({
  jwt: z.object({ claims: z.object({ tenant_id: z.string().min(1), sub: z.string().min(1) }) }).optional(),
  lambda: z.object({ tenantId: z.string(), deviceId: z.string() }).nullish(),
})

/** The caller that the API's authorizer has let in; empty ids on a route without one. */
export function callerOf({ requestContext }: APIGatewayProxyEventV2): Caller {
  const known = 'authorizer' in requestContext ? authorizer.safeParse(requestContext.authorizer) : undefined
  if (known && !known.success) throw new InvalidInputError("The token has no claim 'tenant_id'; ask for one that has")
  const { jwt, lambda } = known?.data ?? {}
  if (jwt) return { tenantId: jwt.claims.tenant_id, callerId: jwt.claims.sub }
  return { tenantId: lambda?.tenantId ?? '', callerId: lambda?.deviceId ?? '' }
}

/** A header by its name in lower case. */
export function header({ headers }: APIGatewayProxyEventV2, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}

/** The body's JSON; undefined where there is none. */
export function jsonBody({ body, isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  if (body === undefined || body === '') return undefined
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  try {
    return JSON.parse(text)
  } catch {
    const violation = { pointer: '', detail: 'expected a JSON object' }
    throw new BadRequestError('invalid_request', 'The body is not JSON', [violation])
  }
}

/** An id that the same key always yields, so that a create which is repeated after a crash creates nothing twice. */
export function idFrom(tenantId: string, key: string | undefined, kind: string): string {
  if (key === undefined) return randomUUID()
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, key, kind]))
    .digest('hex')
  return `${kind}-${digest.slice(0, 20)}`
}
