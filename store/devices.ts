import { createConversions } from 'electrodb'
import type { Device } from '../domain/device.ts'
import { UnavailableError } from '../domain/errors.ts'
import { ask, written } from './ask.ts'
import type { Connection } from './connection.ts'
import { deviceRows } from './device-rows.ts'
import { membershipRows } from './memberships.ts'
import { lastId, type Page, type PageRequest, readAll, readPage } from './query.ts'
import { existsAlready, isStale, isUnknown } from './refusals.ts'

export interface Devices {
  get(tenantId: string, deviceId: string): Promise<Device>
  list(tenantId: string, page: PageRequest): Promise<Page<Device>>
  enrol(device: Device): Promise<void>
  /** The device and the static groups that it is in, in one consistent read. */
  collection(tenantId: string, deviceId: string): Promise<{ device: Device; groupIds: readonly string[] }>
  /** Keeps `device` as the successor of the revision before its own, in one write. */
  save(device: Device): Promise<void>
  /** The ids of up to `limit` devices whose `attentionAt` is reached, the earliest first. */
  dueForAttention(tenantId: string, now: string, limit: number): Promise<string[]>
}

/** The store of devices. */
export function deviceStore(connection: Connection): Devices {
  const rows = deviceRows(connection)
  const members = membershipRows(connection)
  const { byTenant, byAttention } = createConversions(rows).byAccessPattern

  return {
    async get(tenantId, deviceId) {
      const { data: device } = await ask(rows.get({ tenantId, deviceId }).go({ consistent: true }))
      if (!device) throw isUnknown('device', deviceId)
      return device
    },

    async list(tenantId, request) {
      const page = await readPage(connection, rows.query.byTenant({ tenantId }).params(), request)
      const keys = page.items.map((item) => byTenant.fromKeys.toComposite<DeviceKey>(item))
      return { ...page, items: await readBatch(keys) }
    },

    async enrol(device) {
      if (!(await written(rows.create(device).go()))) throw existsAlready('device', device.deviceId)
    },

    async collection(tenantId, deviceId) {
      // The device's own key, 'device', comes before those of its memberships, 'member#…'.
      const upToLastGroup = members.query.byDevice({ tenantId, deviceId }).lte({ groupId: lastId })
      const items = await readAll(connection, upToLastGroup.params({ consistent: true }))
      const [device] = rows.parse({ Items: items }).data
      if (!device) throw isUnknown('device', deviceId)
      const groups = members.parse({ Items: items }).data
      return { device, groupIds: groups.map(({ groupId }) => groupId) }
    },

    async save(device) {
      const { deviceId, revision } = device
      const put = rows.put(device).where((row, is) => is.eq(row.revision, revision - 1))
      if (!(await written(put.go()))) throw isStale('device', deviceId, revision - 1)
    },

    async dueForAttention(tenantId, now, limit) {
      const untilNow = { attentionAt: now, deviceId: lastId }
      const query = rows.query.byAttention({ tenantId }).lte(untilNow).params()
      const { items } = await readPage(connection, query, { limit })
      return items.map((item) => byAttention.fromKeys.toComposite<DeviceKey>(item).deviceId)
    },
  }

  async function readBatch(keys: DeviceKey[]): Promise<Device[]> {
    if (keys.length === 0) return []
    const { data, unprocessed } = await ask(rows.get(keys).go({ consistent: true, preserveBatchOrder: true }))
    if (unprocessed.length > 0) throw new UnavailableError(`${unprocessed.length} devices could not be read now; retry`)
    return data.filter((device) => device !== null)
  }
}

interface DeviceKey {
  readonly tenantId: string
  readonly deviceId: string
}
