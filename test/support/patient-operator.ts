import { setTimeout as pause } from 'node:timers/promises'
import type { z } from 'zod'
import { pageOf } from '../../functions/shapes.ts'
import { type ApiAnswer, type ApiRequest, apiOf } from './api.ts'
import { descriptionIn } from './runtime-process.ts'

/** An operator who sends every request again until it is answered, whatever becomes of the runtime meanwhile. */
export interface PatientOperator {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>
  /** Every resource of a list. */
  all<T>(path: string, shape: z.ZodType<T>): Promise<T[]>
  /** Sends the same request, under the same key, until it is answered. */
  post<T>(path: string, shape: z.ZodType<T>, body: unknown, headers: Readonly<Record<string, string>>): Promise<T>
  /** What the path holds once it is as wanted. */
  until<T>(path: string, shape: z.ZodType<T>, isWanted: (resource: T) => boolean): Promise<T>
}

/** The operator of whatever runtime uses the data directory at the moment, who gives up at the signal. */
export function patientOperator(dataDir: string, signal: AbortSignal): PatientOperator {
  const send = async <T>(request: ApiRequest, shape: z.ZodType<T>): Promise<T> => {
    for (;;) {
      const answer = await attempt(dataDir, request)
      if (answer && answer.status < 300) return shape.parse(answer.body)
      if (answer && answer.status < 500) throw new Error(`'${request.path}' was refused: ${answer.text}`)
      await pause(patienceMs, undefined, { signal })
    }
  }
  const get: PatientOperator['get'] = (path, shape) => send({ path }, shape)
  return {
    get,
    post: (path, shape, body, headers) => send({ method: 'POST', path, body, headers }, shape),
    async all(path, shape) {
      const { items, nextCursor } = await get(`${path}?limit=100`, pageOf(shape))
      if (nextCursor !== undefined) throw new Error(`'${path}' has more than one page`)
      return items
    },
    async until(path, shape, isWanted) {
      for (;;) {
        const resource = await get(path, shape)
        if (isWanted(resource)) return resource
        await pause(betweenMs, undefined, { signal })
      }
    },
  }
}

/** How long it is before a request is sent again, and before a resource that is not as wanted is looked at again. */
const patienceMs = 40
const betweenMs = 250

/** The answer, if there was one. */
async function attempt(dataDir: string, request: ApiRequest): Promise<ApiAnswer | undefined> {
  const at = descriptionIn(dataDir)
  return (
    at &&
    apiOf(at.endpoint, `Bearer ${at.adminToken}`)
      .call(request)
      .catch(() => undefined)
  )
}
