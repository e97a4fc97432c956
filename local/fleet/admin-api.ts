import { z } from 'zod'
import { UnavailableError } from '../../domain/errors.ts'

/** An answer of the API: the resource, and the tag that a change to it must name. */
export interface Answer<T> {
  readonly body: T
  readonly etag: string | undefined
}

/** What a change is sent with. */
export interface Change {
  readonly body?: unknown
  readonly idempotencyKey?: string
  /** The ETag of the resource as it was read. */
  readonly ifMatch?: string | undefined
}

/** The administrators' API, as any client over HTTP sees it; every answer is checked against what is expected. */
export interface AdminApi {
  get<T>(path: string, expected: z.ZodType<T>): Promise<Answer<T>>
  post<T>(path: string, expected: z.ZodType<T>, change: Change): Promise<Answer<T>>
  /** Every resource of a list, whatever the number of its pages. */
  all<T>(path: string, expected: z.ZodType<T>): Promise<T[]>
}

/** The API refused a request; its message is the refusal, with the parts of the request that it names. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The API at `endpoint`, called with an administrator's token. */
export function adminApi({ endpoint, token }: { endpoint: string; token: string }): AdminApi {
  const send = async (method: string, path: string, { body, idempotencyKey, ifMatch }: Change = {}) => {
    const headers = { authorization: `Bearer ${token}`, ...contentOf(body), ...named({ idempotencyKey, ifMatch }) }
    const text = body === undefined ? null : JSON.stringify(body)
    const answer = await fetch(new URL(path, endpoint), { method, headers, body: text }).catch((cause: unknown) => {
      throw new UnavailableError(`Rampart can't be reached at '${endpoint}'; start it, or name another endpoint`, {
        cause,
      })
    })
    if (!answer.ok) throw new ProblemError(answer.status, problemIn(answer.status, await answer.text()))
    return answer
  }
  const read = async <T>(answer: Response, expected: z.ZodType<T>) => ({
    body: expected.parse(await answer.json()),
    etag: answer.headers.get('etag') ?? undefined,
  })
  const get: AdminApi['get'] = async (path, expected) => read(await send('GET', path), expected)
  return {
    get,
    post: async (path, expected, change) => read(await send('POST', path, change), expected),
    async all(path, expected) {
      const page = z.object({ items: z.array(expected), nextCursor: z.string().optional() })
      const items = []
      let cursor: string | undefined
      do {
        const query = new URLSearchParams({ limit: '100', ...(cursor !== undefined && { cursor }) })
        const { body } = await get(`${path}?${query.toString()}`, page)
        items.push(...body.items)
        cursor = body.nextCursor
      } while (cursor !== undefined)
      return items
    },
  }
}

const contentOf = (body: unknown) => (body === undefined ? {} : { 'content-type': 'application/json' })

const named = ({ idempotencyKey, ifMatch }: Pick<Change, 'idempotencyKey' | 'ifMatch'>) => ({
  ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  ...(ifMatch !== undefined && { 'if-match': ifMatch }),
})

const problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})

/** The problem (RFC 9457) as sentences, one for each part of the request that is at fault. */
function problemIn(status: number, text: string): string {
  const parsed = problem.safeParse(parseJson(text))
  if (!parsed.success) return `The API answered ${status}: ${text.slice(0, 200)}`
  const { title, detail, errors = [] } = parsed.data
  const sentence = detail ?? title ?? `The API answered ${status}`
  return [sentence, ...errors.map(({ pointer, detail: fault }) => `  ${pointer}: ${fault}`)].join('\n')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
