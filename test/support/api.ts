import { randomUUID } from 'node:crypto'
import type { z } from 'zod'

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  /** The ETag to change what was answered with; empty where it has none. */
  readonly etag: string
  readonly text: string
  /** The text as JSON, where it is that. */
  readonly body: unknown
}

export interface ApiRequest {
  readonly method?: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The API as one caller uses it. */
export interface Api {
  /** Sends exactly this, whatever becomes of it. */
  call(request: ApiRequest): Promise<ApiAnswer>
  /** What is there; throws where the answer is a problem or of another shape. */
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  /** What was made of `body`, under a new idempotency key unless `headers` give one; throws as `get` does. */
  post<T>(path: string, shape: z.ZodType<T>, body: unknown, headers?: ApiRequest['headers']): Promise<T>
}

/** The API at `endpoint`, for whoever the `authorization` header names. */
export function apiOf(endpoint: string, authorization: string): Api {
  const call = async ({ method = 'GET', path, body, headers }: ApiRequest): Promise<ApiAnswer> => {
    const answer = await fetch(`${endpoint}${path}`, {
      method,
      headers: { ...(authorization && { authorization }), 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await answer.text()
    const etag = answer.headers.get('etag') ?? ''
    return { status: answer.status, headers: answer.headers, etag, text, body: jsonOf(text) }
  }
  const succeed = async <T>(request: ApiRequest, shape: z.ZodType<T>): Promise<T> => {
    const { status, text, body } = await call(request)
    if (status < 300) return shape.parse(body)
    throw new Error(`'${request.method ?? 'GET'} ${request.path}' was answered with ${status}: ${text}`)
  }
  return {
    call,
    get: (path, shape) => succeed({ path }, shape),
    post: (path, shape, body, headers) =>
      succeed({ method: 'POST', path, body, headers: { 'idempotency-key': randomUUID(), ...headers } }, shape),
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
