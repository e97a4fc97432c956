import { Entity } from 'electrodb'
import { ask, written } from './ask.ts'
import type { Connection } from './connection.ts'
import { key } from './key.ts'
import { existsAlready } from './refusals.ts'

/** What lets a device enrol. The secret is with whoever was given the token; a digest of it is kept. */
export interface EnrolmentToken {
  readonly tenantId: string
  readonly tokenId: string
  readonly secretDigest: string
  readonly expiresAt: string
  readonly createdBy: string
  readonly createdAt: string
}

export interface EnrolmentTokens {
  create(token: EnrolmentToken): Promise<void>
  /** The token, also for a while after it has expired. */
  find(tenantId: string, tokenId: string): Promise<EnrolmentToken | undefined>
}

const enrolmentTokenModel = {
  model: { service: 'rampart', entity: 'enrolmentToken', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    tokenId: { type: 'string', required: true },
    secretDigest: { type: 'string', required: true },
    expiresAt: { type: 'string', required: true },
    createdBy: { type: 'string', required: true },
    createdAt: { type: 'string', required: true },
    expiresAtSeconds: { type: 'number', required: true, hidden: true },
  },
  indexes: {
    byTenant: {
      pk: key('pk')`tenant#${'tenantId'}#enrolment`,
      sk: key('sk')`token#${'tokenId'}`,
    },
  },
} as const

/** The store of enrolment tokens; an expired token is removed in its time. */
export function enrolmentTokenStore(connection: Connection): EnrolmentTokens {
  const rows = new Entity(enrolmentTokenModel, connection)
  return {
    async create(token) {
      const expiresAtSeconds = Math.ceil(Date.parse(token.expiresAt) / 1000)
      const isNew = await written(rows.create({ ...token, expiresAtSeconds }).go())
      if (!isNew) throw existsAlready('enrolment token', token.tokenId)
    },

    async find(tenantId, tokenId) {
      const { data: token } = await ask(rows.get({ tenantId, tokenId }).go({ consistent: true }))
      return token ?? undefined
    },
  }
}
