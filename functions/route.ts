import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { z } from 'zod'
import { type Caller, callerOf, header, idFrom, jsonBody } from './api-request.ts'
import type { App } from './app.ts'
import { BadRequestError } from './problem.ts'
import { violationsOf } from './violations.ts'

/** A request after its parts were checked. */
export interface RouteRequest<Body, Query> extends Caller {
  readonly body: Body
  readonly query: Query
  /** A parameter of the path. */
  param(name: string): string
  /** The revision that the caller has seen; undefined for `*`, which stands for any. */
  readonly expectedRevision: number | undefined
  /** Whether the request is only to be checked. */
  readonly isValidateOnly: boolean
  /** An id for what the request creates. */
  newId(kind: string): string
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface RouteDefinition<Body extends z.ZodType, Query extends z.ZodType> {
  /** As API Gateway writes it: `POST /v1/rotations/{rotationId}/actions`. */
  readonly key: string
  /** One sentence for the API's document. */
  readonly summary: string
  readonly body?: Body
  readonly query?: Query
  /** What the request must carry: a key that stands for it, the revision it is about, both, or neither. */
  readonly requires?: readonly ('Idempotency-Key' | 'If-Match')[]
  /** The status of success. */
  readonly status: number
  /** The shape of a success' body. */
  readonly answer: z.ZodType
  run(request: RouteRequest<z.output<Body>, z.output<Query>>, app: App): Promise<Answer>
}

/** A route whose types are settled. */
export interface Route {
  readonly key: string
  readonly definition: Omit<RouteDefinition<z.ZodType, z.ZodType>, 'run'>
  readonly needsKey: boolean
  handle(event: APIGatewayProxyEventV2, app: App): Promise<Answer>
}

/** A route of the API: what it takes, what it answers, and what it does between. */
export function route<Body extends z.ZodType = z.ZodUndefined, Query extends z.ZodType = z.ZodUnknown>(
  definition: RouteDefinition<Body, Query>,
): Route {
  const { requires = [] } = definition
  return {
    key: definition.key,
    definition,
    needsKey: requires.includes('Idempotency-Key'),
    async handle(event, app) {
      const caller = callerOf(event)
      const key = header(event, 'idempotency-key')
      const request = {
        ...caller,
        body: check<Body>('', definition.body, jsonBody(event)),
        query: check<Query>('/query', definition.query, event.queryStringParameters ?? {}),
        param: (name: string) => event.pathParameters?.[name] ?? '',
        expectedRevision: requires.includes('If-Match') ? expectedRevision(header(event, 'if-match')) : undefined,
        isValidateOnly: event.queryStringParameters?.validateOnly === 'true',
        newId: (kind: string) => idFrom(caller.tenantId, key, kind),
      }
      return definition.run(request, app)
    },
  }
}

/** What a route answers with as JSON. */
export function jsonAnswer({ status, body, headers = {} }: Answer): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers }
  return { statusCode: status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

function check<Schema extends z.ZodType>(at: string, schema: Schema | undefined, value: unknown): z.output<Schema>
function check(at: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const violations = violationsOf(parsed.error).map((each) => ({ ...each, pointer: `${at}${each.pointer}` }))
  const [first] = violations
  throw new BadRequestError('invalid_request', `'${first?.pointer}': ${first?.detail}`, violations)
}

function expectedRevision(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) {
    const detail = "The header 'If-Match' is missing; send the ETag that the resource was read with, or *"
    throw new BadRequestError('precondition_required', detail, [{ pointer: '/headers/If-Match', detail: 'required' }])
  }
  if (ifMatch.trim() === '*') return undefined
  const revision = /^(?:W\/)?"(\d+)"$/.exec(ifMatch.trim())?.[1]
  if (revision !== undefined) return Number(revision)
  throw new BadRequestError('stale_revision', `'${ifMatch}' is no ETag of this resource; read it again`, [
    { pointer: '/headers/If-Match', detail: 'expected an ETag such as "3", or *' },
  ])
}
