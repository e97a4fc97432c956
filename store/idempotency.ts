import { CustomAttributeType, Entity } from 'electrodb'
import { UnavailableError } from '../domain/errors.ts'
import { ask, written } from './ask.ts'
import type { Connection } from './connection.ts'
import { key } from './key.ts'

/** A request that must take effect once, told by the key that its caller gave it. */
export interface KeyedRequest {
  readonly tenantId: string
  readonly key: string
  /** A digest of what is asked for: one key stands for one request. */
  readonly requestDigest: string
  readonly expiresAtSeconds: number
}

/** What was answered. */
export interface StoredAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where a request stands when it comes in. */
export type Beginning =
  | { readonly kind: 'new' }
  | { readonly kind: 'replay'; readonly answer: StoredAnswer }
  /** Begun and not answered yet: it may be run again, for all it does can be repeated. */
  | { readonly kind: 'underWay' }
  /** The key stands for another request. */
  | { readonly kind: 'mismatch' }

export interface Idempotency {
  begin(request: KeyedRequest): Promise<Beginning>
  /** Keeps the answer to a request that has begun. The first answer stays. */
  finish(request: KeyedRequest, answer: StoredAnswer): Promise<void>
}

const keyedRequestModel = {
  model: { service: 'rampart', entity: 'keyedRequest', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    key: { type: 'string', required: true },
    requestDigest: { type: 'string', required: true },
    expiresAtSeconds: { type: 'number', required: true },
    answer: { type: CustomAttributeType<StoredAnswer>('any') },
  },
  indexes: {
    byKey: {
      pk: key('pk')`tenant#${'tenantId'}#idempotency`,
      sk: key('sk')`${'key'}`,
    },
  },
} as const

/** The store of keyed requests and their answers. */
export function idempotencyStore(connection: Connection): Idempotency {
  const rows = new Entity(keyedRequestModel, connection)
  return {
    async begin(request) {
      if (await written(rows.create(request).go())) return { kind: 'new' }
      const { tenantId, key, requestDigest } = request
      const { data: begun } = await ask(rows.get({ tenantId, key }).go({ consistent: true }))
      if (!begun) throw new UnavailableError(`The request of key '${key}' has just expired; retry`)
      if (begun.requestDigest !== requestDigest) return { kind: 'mismatch' }
      return begun.answer ? { kind: 'replay', answer: begun.answer } : { kind: 'underWay' }
    },

    async finish({ tenantId, key, requestDigest }, answer) {
      const update = rows
        .patch({ tenantId, key })
        .set({ answer })
        .where((row, is) => `${is.eq(row.requestDigest, requestDigest)} AND ${is.notExists(row.answer)}`)
      await written(update.go())
    },
  }
}
