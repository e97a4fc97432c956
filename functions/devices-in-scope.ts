import type { Rotation } from '../domain/rotation.ts'
import type { App } from './app.ts'

/** Devices that got their package from the old or the new policy at their last check-in, as counted. */
export async function devicesInScope(
  { tenantId, oldPolicyId, newPolicyId }: Rotation,
  app: App,
): Promise<{ reachable: number; reachableOnOldPolicy: number }> {
  const [old, replacement] = await Promise.all(
    [oldPolicyId, newPolicyId].map((policyId) => app.counters.get(tenantId, { kind: 'policy', policyId })),
  )
  const reachableOnOldPolicy = reachableOf(old)
  return { reachable: reachableOnOldPolicy + reachableOf(replacement), reachableOnOldPolicy }
}

function reachableOf(counts: Readonly<Record<string, number>> = {}): number {
  return (counts.devices ?? 0) - (counts.unreachableDevices ?? 0)
}
