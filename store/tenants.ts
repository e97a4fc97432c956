import { createConversions, Entity } from 'electrodb'
import { InvalidInputError } from '../domain/errors.ts'
import type { Tenant } from '../domain/tenant.ts'
import { ask, written } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { readAll } from './query.ts'
import { isUnknown } from './refusals.ts'
import type { Step } from './transact.ts'

export interface Tenants {
  /** Keeps a tenant that is not kept yet; one that is stays as it is. */
  create(tenant: Tenant): Promise<void>
  get(tenantId: string): Promise<Tenant>
  list(): Promise<Tenant[]>
}

const tenantModel = {
  model: { service: 'rampart', entity: 'tenant', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    name: { type: 'string', required: true },
    createdAt: { type: 'string', required: true },
    configurationRevision: { type: 'number', required: true },
  },
  indexes: {
    byId: {
      pk: key('pk')`tenant#${'tenantId'}`,
      sk: key('sk')`tenant`,
    },
    all: {
      index: 'gsi1',
      projection: 'keys_only',
      pk: key('gsi1pk')`tenants`,
      sk: key('gsi1sk')`${'tenantId'}`,
    },
  },
} as const

/** The store of tenants. */
export function tenantStore(connection: Connection): Tenants {
  const rows = tenantRows(connection)
  const { fromKeys } = createConversions(rows).byAccessPattern.all

  const find = async (tenantId: string): Promise<Tenant | undefined> => {
    const read = rows.get({ tenantId }).go({ consistent: true, attributes: ['tenantId', 'name', 'createdAt'] })
    return (await ask(read)).data ?? undefined
  }

  return {
    async create(tenant) {
      refuseDelimiter(tenant)
      await written(rows.create({ ...tenant, configurationRevision: 0 }).go())
    },

    async get(tenantId) {
      const tenant = await find(tenantId)
      if (!tenant) throw isUnknown('tenant', tenantId)
      return tenant
    },

    async list() {
      const keys = await readAll(connection, rows.query.all({}).params())
      const tenantIds = keys.map((key) => fromKeys.toComposite<Pick<Tenant, 'tenantId'>>(key).tenantId)
      const tenants = await Promise.all(tenantIds.map(find))
      return tenants.filter((tenant) => tenant !== undefined)
    },
  }
}

/** The tenants' rows, for what is decided or changed together with a tenant's revision. */
export const tenantRows = perConnection((connection) => new Entity(tenantModel, connection))

/** The step that every change of a configuration takes: it raises the revision that readers compare. */
export function raiseRevision(connection: Connection, tenantId: string): Step {
  return {
    write: { Update: tenantRows(connection).patch({ tenantId }).add({ configurationRevision: 1 }).params() },
    refusal: () => isUnknown('tenant', tenantId),
  }
}

/** Keys are parts joined by '#': a tenant of such a name could reach into another one's keys. */
function refuseDelimiter({ tenantId }: Tenant) {
  if (tenantId !== '' && !tenantId.includes('#')) return
  const detail = `'${tenantId}' is no tenant id; expected a text that is not empty and has no '#'`
  throw new InvalidInputError(detail, [{ pointer: '/tenantId', detail }])
}
