import type { Configuration } from '../domain/configuration.ts'
import { UnavailableError } from '../domain/errors.ts'
import { ask } from './ask.ts'
import type { Connection } from './connection.ts'
import { readGroups } from './groups.ts'
import { packageRows } from './packages.ts'
import { policyRows } from './policies.ts'
import { lastId, readAll } from './query.ts'
import { isUnknown } from './refusals.ts'
import { tenantRows } from './tenants.ts'

export interface Configurations {
  /** The revision now: a strongly consistent read of one item. */
  revision(tenantId: string): Promise<number>
  /** Everything at one revision. Throws UnavailableError where the configuration keeps changing while it is read. */
  load(tenantId: string): Promise<Configuration>
}

const maximumReads = 5

/** The store of configurations: what policies, groups and packages are together. */
export function configurationStore(connection: Connection): Configurations {
  const policies = policyRows(connection)
  const packages = packageRows(connection)
  // The keys 'group#…', 'package#…' and 'policy#…' come before those of rotations, which devices have no use for.
  const partition = (tenantId: string) =>
    policies.query.byTenant({ tenantId }).lte({ policyId: lastId }).params({ consistent: true })

  const revision = async (tenantId: string): Promise<number> => {
    const { data: tenant } = await ask(tenantRows(connection).get({ tenantId }).go({ consistent: true }))
    if (!tenant) throw isUnknown('tenant', tenantId)
    return tenant.configurationRevision
  }

  return {
    revision,

    // A Query may see a part of a transaction, but then the transaction's revision is there to be read after it.
    async load(tenantId) {
      let before = await revision(tenantId)
      for (let reads = 0; reads < maximumReads; reads++) {
        const items = await readAll(connection, partition(tenantId))
        const after = await revision(tenantId)
        if (after === before) return { tenantId, revision: after, ...parse(items) }
        before = after
      }
      throw new UnavailableError(`The configuration of tenant '${tenantId}' changed while it was read; retry`)
    },
  }

  function parse(items: Awaited<ReturnType<typeof readAll>>) {
    return {
      policies: policies.parse({ Items: items }).data,
      groups: readGroups(connection, items),
      packages: packages.parse({ Items: items }).data,
    }
  }
}
