import { createHash } from 'node:crypto'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { callerOf, header } from './api-request.ts'
import type { App } from './app.ts'
import { BadRequestError } from './problem.ts'
import { jsonAnswer, type Route } from './route.ts'

const keptHours = 24

/**
 * The route's answer, carried out once for each idempotency key: a repeat gets the answer that was stored.
 *
 * A run that was cut off before its answer was stored is run again. That is safe because what it creates has ids that
 * follow from the key. Only success is stored: what failed has changed nothing, and may be tried again.
 */
export async function once(
  route: Route,
  event: APIGatewayProxyEventV2,
  app: App,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (event.queryStringParameters?.validateOnly === 'true') return jsonAnswer(await route.handle(event, app))
  const request = keyedRequest(event, app.now())
  const beginning = await app.idempotency.begin(request)
  if (beginning.kind === 'mismatch') throw keyReused(request.key)
  if (beginning.kind === 'replay') return replayed(beginning.answer)
  const answer = jsonAnswer(await route.handle(event, app))
  const { statusCode = 200, body = '' } = answer
  await app.idempotency.finish(request, { status: statusCode, headers: textHeaders(answer.headers), body })
  return answer
}

function keyedRequest(event: APIGatewayProxyEventV2, now: string) {
  const { tenantId } = callerOf(event)
  const key = header(event, 'idempotency-key')
  if (!key || key.length > 200) {
    const detail = "The header 'Idempotency-Key' is missing or too long; send a new random text with each new request"
    throw new BadRequestError('invalid_request', detail, [
      { pointer: '/headers/Idempotency-Key', detail: 'expected 1 to 200 characters' },
    ])
  }
  const asked = JSON.stringify([event.requestContext.http.method, event.rawPath, event.body ?? ''])
  const requestDigest = createHash('sha256').update(asked).digest('base64url')
  return { tenantId, key, requestDigest, expiresAtSeconds: Math.floor(Date.parse(now) / 1000) + keptHours * 3600 }
}

function keyReused(key: string): BadRequestError {
  return new BadRequestError(
    'idempotency_key_reused',
    `The key '${key}' was used for another request; send a new one`,
    [{ pointer: '/headers/Idempotency-Key', detail: 'expected a key that no other request has used' }],
  )
}

function replayed({
  status,
  headers,
  body,
}: {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}) {
  return { statusCode: status, headers: { ...headers, 'idempotency-replayed': 'true' }, body }
}

function textHeaders(headers: APIGatewayProxyStructuredResultV2['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
