import { Entity } from 'electrodb'
import { perConnection } from './connection.ts'
import { key } from './key.ts'

/** Contents have a partition of their own, so that reading a configuration never touches one. */
const sealedContentModel = {
  model: { service: 'rampart', entity: 'sealedContent', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    packageId: { type: 'string', required: true },
    sealedDataKey: { type: 'string', required: true },
    initializationVector: { type: 'string', required: true },
    ciphertext: { type: 'string', required: true },
    authenticationTag: { type: 'string', required: true },
  },
  indexes: {
    byPackage: {
      pk: key('pk')`tenant#${'tenantId'}#content`,
      sk: key('sk')`package#${'packageId'}`,
    },
  },
} as const

/** The rows of the packages' contents. */
export const sealedContentRows = perConnection((connection) => new Entity(sealedContentModel, connection))
