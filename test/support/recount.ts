import { expect } from '@jest/globals'
import type { Device } from '../../domain/device.ts'
import type { TestRuntime } from './runtime.ts'

type Counted = Readonly<Record<string, Readonly<Record<string, number>>>>

/** Fails where a counter of the tenant is not what counting all of its devices one by one gives. */
export async function expectExactCounters(at: TestRuntime, tenantId: string): Promise<void> {
  await at.settle()
  expect(await storedCounters(at, tenantId)).toEqual(recount(await devicesOf(at, tenantId)))
}

/** The counters that are not zero, by their scope. */
export async function storedCounters(at: TestRuntime, tenantId: string): Promise<Counted> {
  const prefix = `tenant#${tenantId}#counters `
  const stored = Object.entries(await at.contents()).filter(([key]) => key.startsWith(prefix))
  const counters = stored.map(([key, item]) => {
    const numbers = Object.entries(item ?? {}).filter(([, value]) => typeof value === 'number' && value !== 0)
    return [key.slice(prefix.length), Object.fromEntries(numbers)] as const
  })
  return Object.fromEntries(counters.filter(([, names]) => Object.keys(names).length > 0))
}

async function devicesOf(at: TestRuntime, tenantId: string): Promise<Device[]> {
  const devices: Device[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await at.stores.devices.list(tenantId, { limit: 100, cursor: cursor || undefined })
    devices.push(...page.items)
    cursor = page.nextCursor
  }
  return devices
}

function recount(devices: readonly Device[]): Counted {
  const counted: Record<string, Record<string, number>> = {}
  for (const [scope, name] of devices.flatMap(placesOf)) {
    const names = counted[scope] ?? {}
    counted[scope] = { ...names, [name]: (names[name] ?? 0) + 1 }
  }
  return counted
}

/** Where a device counts, as scope and name. */
function placesOf({ isUnreachable, onboardingStatus, packagePolicyId, policyStatuses, progress }: Device) {
  const source = `policy#${packagePolicyId}`
  const scopes = progress
    ? [`wave#${progress.rotationId}#${String(progress.wave).padStart(2, '0')}`, `rotation#${progress.rotationId}`]
    : []
  const places: (readonly [string, string] | false)[] = [
    ['tenant', 'enrolled'],
    ['tenant', onboardingStatus],
    isUnreachable && ['tenant', 'unreachable'],
    packagePolicyId !== undefined && [source, 'devices'],
    packagePolicyId !== undefined && isUnreachable && [source, 'unreachableDevices'],
    ...Object.entries(policyStatuses).map(([policyId, status]) => [`policy#${policyId}`, status] as const),
    ...scopes.map((scope) => [scope, progress?.state ?? ''] as const),
    ...(progress?.isHarmed ? scopes.map((scope) => [scope, 'harmed'] as const) : []),
  ]
  return places.filter((place) => place !== false)
}
