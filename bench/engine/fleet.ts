import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { checkIn, type DeviceReport } from '../../domain/check-in.ts'
import type { Device } from '../../domain/device.ts'
import { counterDeltas, type DeviceChange } from '../../domain/device-counters.ts'
import type { PolicyIndex } from '../../domain/effective-policy.ts'
import { policyIndexes } from '../../functions/policy-indexes.ts'
import type { Runtime } from '../../local/runtime.ts'
import { connect } from '../../store/connection.ts'
import { deviceRows } from '../../store/device-rows.ts'
import { createStores } from '../../store/stores.ts'

/** A fleet whose devices do what they do without HTTP, all of them at once. */
export interface BulkFleet {
  readonly deviceIds: readonly string[]
  /** Stores every device as enrolled, with the package that it is to have in force. */
  join(): Promise<void>
  /**
   * Counts every device as having the package that it is to have now in force. The counters move as its check-ins would
   * move them; the devices themselves, which the end of a rotation does not look at, stay as they are.
   */
  follow(): Promise<void>
  close(): void
}

/** How many devices are written before the next ones are. */
const devicesAtOnce = 1000

/** A fleet of `size` devices, none of them stored yet. */
export function bulkFleet(runtime: Runtime, size: number): BulkFleet {
  const { clock, tenantId, deployment, gatewayEndpoint: endpoint, credentials } = runtime
  const tableName = deployment.tables[0]?.name ?? ''
  const client = new DynamoDBClient({ endpoint, credentials, region: deployment.region })
  const rows = deviceRows(connect(client, tableName))
  const stores = createStores({ client, tableName })
  const indexes = policyIndexes(stores)
  let devices = Array.from({ length: size }, (_, at) => enrolled(tenantId, at, isoOf(clock.now())))

  /** Every device before and after its check-ins. */
  async function checkInAll(): Promise<DeviceChange[]> {
    const index = await indexes.current(tenantId)
    const changes = devices.map((before) => ({ before, after: afterRestart(before, index, isoOf(clock.now())) }))
    devices = changes.map(({ after }) => after)
    return changes
  }

  return {
    deviceIds: devices.map(({ deviceId }) => deviceId),
    async join() {
      await checkInAll()
      for (let start = 0; start < size; start += devicesAtOnce) {
        const { unprocessed } = await rows.put(devices.slice(start, start + devicesAtOnce)).go({ concurrent: 4 })
        if (unprocessed.length > 0) throw new Error(`${unprocessed.length} devices were not written; expected none`)
      }
    },
    async follow() {
      await stores.counters.apply('bench', '1', counterDeltas(await checkInAll()))
    },
    close: () => client.destroy(),
  }
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function enrolled(tenantId: string, at: number, now: string): Device {
  return {
    tenantId,
    deviceId: `device-${String(at).padStart(7, '0')}`,
    name: `PC-${at}`,
    platform: 'windows',
    osVersion: '10.0.26100.1742',
    credentialDigest: 'none',
    enrolledAt: now,
    sensorState: 'unknown',
    onboardingStatus: 'notOnboarded',
    policyStatuses: {},
    isUnreachable: false,
    revision: 1,
  }
}

/** The device once the package that it is to have is in force on it. */
function afterRestart(device: Device, index: PolicyIndex, now: string): Device {
  const effective = index.effectivePolicy({ ...device, groupIds: [] })
  if (effective.package.status !== 'effective')
    throw new Error(`Device '${device.deviceId}' has no package; expected one`)
  const { packageId } = effective.package
  const policyResults = effective.policies.map(({ policyId }) => ({ policyId, status: 'succeeded' as const }))
  const before: DeviceReport = { sensorState: 'unknown', policyResults: [] }
  const after: DeviceReport = { sensorState: 'active', activePackageId: packageId, lastRestartAt: now, policyResults }
  return checkIn(checkIn(device, effective, before, now).device, effective, after, now).device
}
