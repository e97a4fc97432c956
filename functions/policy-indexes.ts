import { indexPolicies, type PolicyIndex } from '../domain/effective-policy.ts'
import type { Stores } from '../store/stores.ts'

export interface PolicyIndexes {
  /** The index of the tenant's configuration at its present revision. */
  current(tenantId: string): Promise<PolicyIndex>
}

/** Indexes kept in memory for as long as the tenant's revision stands: one read of one item tells. */
export function policyIndexes(stores: Pick<Stores, 'configurations'>): PolicyIndexes {
  const indexesByTenant = new Map<string, PolicyIndex>()
  return {
    async current(tenantId) {
      const kept = indexesByTenant.get(tenantId)
      if (kept?.revision === (await stores.configurations.revision(tenantId))) return kept
      const index = indexPolicies(await stores.configurations.load(tenantId))
      indexesByTenant.set(tenantId, index)
      return index
    },
  }
}
