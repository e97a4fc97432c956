import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { AdminApi } from './admin-api.ts'

/** As many devices as one request may add to a group. */
const membersAtOnce = 40

/** Adds the devices to the group, as many requests as that takes. */
export async function addMembers(api: AdminApi, groupId: string, deviceIds: readonly string[]): Promise<void> {
  const path = `/v1/groups/${encodeURIComponent(groupId)}`
  for (let start = 0; start < deviceIds.length; start += membersAtOnce) {
    const { etag: ifMatch } = await api.get(path, z.looseObject({}))
    const body = { deviceIds: deviceIds.slice(start, start + membersAtOnce) }
    await api.post(`${path}/members`, z.looseObject({}), { body, ifMatch, idempotencyKey: randomUUID() })
  }
}
