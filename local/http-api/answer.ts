/** What a client is answered. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Uint8Array
}

/** An answer of API Gateway's own, in its wording: `Unauthorized`, `Not Found`. */
export function gatewayAnswer(status: number, message: string, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ message }) }
}

/** What API Gateway says where an integration fails or answers with something that is no response. */
export const integrationFailed = gatewayAnswer(500, 'Internal Server Error')

/**
 * The answer that a function's payload stands for, in payload format 2.0: an object with a `statusCode` is a response,
 * anything else is the body of a `200`.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function answerOf(payload: unknown): Answer {
  const response = fields(payload)
  if (response === undefined || !('statusCode' in response)) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded } = response
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof body !== 'string') return integrationFailed
  return {
    status,
    headers: { ...headersOf(headers), ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }) },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  }
}

function headersOf(given: unknown): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'text/plain;charset=UTF-8' }
  for (const [name, value] of Object.entries(fields(given) ?? {})) headers[name.toLowerCase()] = String(value)
  return headers
}

function fields(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}
