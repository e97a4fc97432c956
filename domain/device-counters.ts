import type { Device, RotationProgress } from './device.ts'

/** What is counted together. */
export type CounterScope =
  | { readonly kind: 'tenant' }
  | { readonly kind: 'policy'; readonly policyId: string }
  | { readonly kind: 'wave'; readonly rotationId: string; readonly wave: number }
  | { readonly kind: 'rotation'; readonly rotationId: string }

/** By how much the counters of one scope change, by their names. */
export interface CounterDelta {
  readonly tenantId: string
  readonly scope: CounterScope
  readonly changes: Readonly<Record<string, number>>
}

/** One device before and after a change; absent before it enrolled and after it was removed. */
export interface DeviceChange {
  readonly before: Device | undefined
  readonly after: Device | undefined
}

/**
 * By how much the changes of devices move the counters, each scope once, without the counters that stay.
 *
 * Tenant: `enrolled`, `unreachable` and the onboarding statuses. Policy: `devices` whose package comes from it,
 * `unreachableDevices` among them, and devices by policy status. Wave and rotation: devices by progress state, and
 * `harmed`. A later rotation takes a device up without taking it out of the counters of the one before.
 */
export function counterDeltas(changes: readonly DeviceChange[]): CounterDelta[] {
  const deltas = new Map<string, { tenantId: string; scope: CounterScope; changes: Record<string, number> }>()
  const add = (tenantId: string, { scope, name }: Counted, amount: number) => {
    const key = JSON.stringify([tenantId, scope])
    const delta = deltas.get(key) ?? { tenantId, scope, changes: {} }
    delta.changes[name] = (delta.changes[name] ?? 0) + amount
    deltas.set(key, delta)
  }
  for (const { before, after } of changes) {
    if (before)
      for (const counted of countedFor(before, leavesRotation(before, after))) add(before.tenantId, counted, -1)
    if (after) for (const counted of countedFor(after, false)) add(after.tenantId, counted, 1)
  }
  return [...deltas.values()].map(withoutZeros).filter((delta) => Object.keys(delta.changes).length > 0)
}

interface Counted {
  readonly scope: CounterScope
  readonly name: string
}

function leavesRotation(before: Device, after: Device | undefined): boolean {
  return before.progress?.rotationId !== after?.progress?.rotationId
}

function countedFor(device: Device, isProgressKept: boolean): Counted[] {
  return [
    ...tenantCounters(device),
    ...policyCounters(device),
    ...(device.progress && !isProgressKept ? progressCounters(device.progress) : []),
  ]
}

function tenantCounters({ onboardingStatus, isUnreachable }: Device): Counted[] {
  const names = ['enrolled', onboardingStatus, ...(isUnreachable ? ['unreachable'] : [])]
  return names.map((name) => ({ scope: { kind: 'tenant' }, name }))
}

function policyCounters({ packagePolicyId, isUnreachable, policyStatuses }: Device): Counted[] {
  const statuses = Object.entries(policyStatuses).map(
    ([policyId, status]): Counted => ({ scope: { kind: 'policy', policyId }, name: status }),
  )
  if (!packagePolicyId) return statuses
  const scope: CounterScope = { kind: 'policy', policyId: packagePolicyId }
  const names = ['devices', ...(isUnreachable ? ['unreachableDevices'] : [])]
  return [...statuses, ...names.map((name) => ({ scope, name }))]
}

function progressCounters({ rotationId, wave, state, isHarmed }: RotationProgress): Counted[] {
  const scopes: CounterScope[] = [
    { kind: 'wave', rotationId, wave },
    { kind: 'rotation', rotationId },
  ]
  const names = [state, ...(isHarmed ? ['harmed'] : [])]
  return scopes.flatMap((scope) => names.map((name) => ({ scope, name })))
}

function withoutZeros<Delta extends CounterDelta>(delta: Delta): CounterDelta {
  return { ...delta, changes: Object.fromEntries(Object.entries(delta.changes).filter(([, amount]) => amount !== 0)) }
}
