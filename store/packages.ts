import { Entity } from 'electrodb'
import type { OnboardingPackage, SealedContent } from '../domain/onboarding-package.ts'
import { ask } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { type Page, type PageRequest, readPage } from './query.ts'
import { existsAlready, isUnknown } from './refusals.ts'
import { sealedContentRows } from './sealed-content.ts'
import { raiseRevision } from './tenants.ts'
import { transact } from './transact.ts'

export interface Packages {
  get(tenantId: string, packageId: string): Promise<OnboardingPackage>
  list(tenantId: string, page: PageRequest): Promise<Page<OnboardingPackage>>
  /** Keeps a package and its content, and raises the configuration's revision. */
  create(onboardingPackage: OnboardingPackage, content: SealedContent): Promise<void>
  /** The content of a package, which only devices may be given. */
  sealedContent(tenantId: string, packageId: string): Promise<SealedContent>
}

const packageModel = {
  model: { service: 'rampart', entity: 'package', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    packageId: { type: 'string', required: true },
    name: { type: 'string', required: true },
    kind: { type: ['onboard', 'offboard'], required: true },
    platform: { type: ['windows'], required: true },
    organisationId: { type: 'string', required: true },
    fingerprint: { type: 'string', required: true },
    expiresAt: { type: 'string' },
    createdAt: { type: 'string', required: true },
  },
  indexes: {
    byTenant: {
      pk: key('pk')`tenant#${'tenantId'}#configuration`,
      sk: key('sk')`package#${'packageId'}`,
    },
  },
} as const

/** The store of onboarding packages. */
export function packageStore(connection: Connection): Packages {
  const rows = packageRows(connection)
  const contents = sealedContentRows(connection)

  return {
    async get(tenantId, packageId) {
      const { data } = await ask(rows.get({ tenantId, packageId }).go({ consistent: true }))
      if (!data) throw isUnknown('package', packageId)
      return data
    },

    async list(tenantId, request) {
      const page = await readPage(connection, rows.query.byTenant({ tenantId }).params({ consistent: true }), request)
      return { ...page, items: rows.parse({ Items: page.items }).data }
    },

    async create(onboardingPackage, content) {
      const { tenantId, packageId } = onboardingPackage
      const refusal = () => existsAlready('package', packageId)
      await transact(connection, [
        { write: { Put: rows.create(onboardingPackage).params() }, refusal },
        { write: { Put: contents.create({ tenantId, packageId, ...content }).params() }, refusal },
        raiseRevision(connection, tenantId),
      ])
    },

    async sealedContent(tenantId, packageId) {
      const { data } = await ask(contents.get({ tenantId, packageId }).go({ consistent: true }))
      if (!data) throw isUnknown('package', packageId)
      const { sealedDataKey, initializationVector, ciphertext, authenticationTag } = data
      return { sealedDataKey, initializationVector, ciphertext, authenticationTag }
    },
  }
}

/** The packages' rows, for the configuration that they are part of. */
export const packageRows = perConnection((connection) => new Entity(packageModel, connection))
