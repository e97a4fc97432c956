import { randomUUID } from 'node:crypto'
import { localEnvironment } from '../template/environment.ts'

/** A request as it came in. */
export interface ApiRequest {
  readonly method: string
  /** Path and query string, as sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly sourceIp: string
}

/** The part of an event that says what was asked for, the same for an authorizer and for the route's function. */
export interface RequestEvent {
  readonly version: '2.0'
  readonly routeKey: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[] | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly queryStringParameters?: Readonly<Record<string, string>> | undefined
  readonly pathParameters?: Readonly<Record<string, string>> | undefined
  readonly requestContext: Readonly<Record<string, unknown>>
}

/** What is known of a request besides its own content. */
export interface Routing {
  readonly apiId: string
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>>
  readonly nowMs: number
}

/**
 * The event of a request in payload format 2.0, still without body and authorizer.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestEvent(request: ApiRequest, { apiId, routeKey, pathParameters, nowMs }: Routing): RequestEvent {
  const { method, target, headers, sourceIp } = request
  const [rawPath, rawQueryString] = splitTarget(target)
  const host = headers.host ?? ''
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    cookies: headers.cookie?.split('; '),
    headers: { 'x-amzn-trace-id': traceId(nowMs), ...headers },
    queryStringParameters: queryParameters(rawQueryString),
    pathParameters: Object.keys(pathParameters).length > 0 ? pathParameters : undefined,
    requestContext: {
      accountId: localEnvironment.accountId,
      apiId,
      domainName: host.replace(/:\d+$/, ''),
      domainPrefix: apiId,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: commonLogTime(nowMs),
      timeEpoch: nowMs,
    },
  }
}

/** The body as an event carries it: text where the content type says so, base64 else. */
export function eventBody({ headers, body }: ApiRequest): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false }
  const isText = textTypes.test(headers['content-type'] ?? 'text/plain')
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText }
}

/** The path and the query string of a request's target. */
export function splitTarget(target: string): [path: string, queryString: string] {
  const mark = target.indexOf('?')
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
}

const textTypes = /^(text\/|application\/(json|xml|javascript|[\w.-]+\+json)\b)/

function queryParameters(queryString: string): Record<string, string> | undefined {
  if (queryString === '') return undefined
  const parameters: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(queryString)) {
    const earlier = parameters[name]
    parameters[name] = earlier === undefined ? value : `${earlier},${value}`
  }
  return parameters
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function traceId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000).toString(16)
  return `Root=1-${seconds}-${randomUUID().replaceAll('-', '').slice(0, 24)}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As web servers write it in their logs: `12/Mar/2026:19:03:58 +0000`. */
function commonLogTime(nowMs: number): string {
  const iso = new Date(nowMs).toISOString()
  return `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}
