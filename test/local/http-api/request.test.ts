import { expect, test } from '@jest/globals'
import { type ApiRequest, eventBody, requestEvent } from '../../../local/http-api/request.ts'

const routing = {
  apiId: 'api1',
  routeKey: 'GET /v1/things',
  pathParameters: {},
  nowMs: Date.UTC(2026, 2, 12, 19, 3, 58),
}

function aRequest(changes: Partial<ApiRequest> = {}): ApiRequest {
  const headers = { host: 'localhost:4400', 'user-agent': 'test' }
  return { method: 'GET', target: '/v1/things', headers, body: Buffer.alloc(0), sourceIp: '127.0.0.1', ...changes }
}

test('describes a request as API Gateway does in payload format 2.0', () => {
  const event = requestEvent(aRequest({ target: '/v1/things?tag=a&tag=b&q=x%20y' }), routing)

  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'GET /v1/things',
    rawPath: '/v1/things',
    rawQueryString: 'tag=a&tag=b&q=x%20y',
    queryStringParameters: { tag: 'a,b', q: 'x y' },
    requestContext: {
      apiId: 'api1',
      domainName: 'localhost',
      http: { method: 'GET', path: '/v1/things', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      stage: '$default',
      time: '12/Mar/2026:19:03:58 +0000',
      timeEpoch: routing.nowMs,
    },
  })
})

test('gives every request a trace, unless it came with one', () => {
  const traceOf = (request: ApiRequest) => requestEvent(request, routing).headers['x-amzn-trace-id']

  expect(traceOf(aRequest())).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  expect(traceOf(aRequest({ headers: { 'x-amzn-trace-id': 'Root=1-a-b' } }))).toBe('Root=1-a-b')
})

test.each([
  ['application/json; charset=utf-8', { body: 'ü', isBase64Encoded: false }],
  ['application/problem+json', { body: 'ü', isBase64Encoded: false }],
  ['text/plain', { body: 'ü', isBase64Encoded: false }],
  ['application/octet-stream', { body: 'w7w=', isBase64Encoded: true }],
  ['application/x-www-form-urlencoded', { body: 'w7w=', isBase64Encoded: true }],
])('hands on a body of %s as text or as base64', (contentType, body) => {
  expect(eventBody(aRequest({ headers: { 'content-type': contentType }, body: Buffer.from('ü') }))).toEqual(body)
})

test('has no body where none was sent', () => {
  expect(eventBody(aRequest())).toEqual({ isBase64Encoded: false })
})
