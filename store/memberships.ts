import { createConversions, Entity } from 'electrodb'
import { InvalidInputError, NotFoundError } from '../domain/errors.ts'
import type { StaticGroup } from '../domain/group.ts'
import { ask } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { deviceExists } from './device-rows.ts'
import { key } from './key.ts'
import { type Page, type PageRequest, readPage } from './query.ts'
import { isStale } from './refusals.ts'
import type { Step } from './transact.ts'

/** That a device is in a static group. It stands among the device's own items, so that a check-in reads both at once. */
interface Membership {
  readonly tenantId: string
  readonly deviceId: string
  readonly groupId: string
}

const membershipModel = {
  model: { service: 'rampart', entity: 'membership', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    deviceId: { type: 'string', required: true },
    groupId: { type: 'string', required: true },
  },
  indexes: {
    byDevice: {
      pk: key('pk')`tenant#${'tenantId'}#device#${'deviceId'}`,
      sk: key('sk')`member#${'groupId'}`,
    },
    byGroup: {
      index: 'gsi1',
      projection: 'keys_only',
      pk: key('gsi1pk')`tenant#${'tenantId'}#group#${'groupId'}`,
      sk: key('gsi1sk')`${'deviceId'}`,
    },
  },
} as const

/** A device comes with two writes, and a transaction takes 100. */
const maximumDevices = 40

/** Reading memberships, and the steps that change them together with their group. */
export function memberships(connection: Connection) {
  const rows = membershipRows(connection)
  const { fromKeys } = createConversions(rows).byAccessPattern.byGroup

  const isMember = async (membership: Membership) =>
    (await ask(rows.get(membership).go({ consistent: true }))).data !== null

  return {
    async list(tenantId: string, groupId: string, request: PageRequest): Promise<Page<string>> {
      const page = await readPage(connection, rows.query.byGroup({ tenantId, groupId }).params(), request)
      return { ...page, items: page.items.map((keys) => fromKeys.toComposite<Membership>(keys).deviceId) }
    },

    /** The devices that are no members yet, and what adds them. */
    async stepsToAdd({ tenantId, groupId, revision }: StaticGroup, deviceIds: readonly string[]) {
      if (deviceIds.length > maximumDevices) throw tooMany(deviceIds.length)
      const wanted = [...new Set(deviceIds)].map((deviceId) => ({ tenantId, deviceId, groupId }))
      const areMembers = await Promise.all(wanted.map(isMember))
      const added = wanted.filter((_, index) => !areMembers[index])
      const steps = added.flatMap((membership): Step[] => [
        deviceExists(connection, membership),
        { write: { Put: rows.create(membership).params() }, refusal: () => isStale('group', groupId, revision) },
      ])
      return { deviceIds: added.map(({ deviceId }) => deviceId), steps }
    },

    async stepToRemove({ tenantId, groupId, revision }: StaticGroup, deviceId: string): Promise<Step> {
      const membership = { tenantId, deviceId, groupId }
      if (!(await isMember(membership))) throw new NotFoundError(`Device '${deviceId}' is not in group '${groupId}'`)
      const removal = rows.remove(membership)
      return { write: { Delete: removal.params() }, refusal: () => isStale('group', groupId, revision) }
    },
  }
}

/** The memberships' rows, for a device that is read with the groups it is in. */
export const membershipRows = perConnection((connection) => new Entity(membershipModel, connection))

function tooMany(count: number): InvalidInputError {
  const detail = `${count} devices are too many for one change; expected at most ${maximumDevices}`
  return new InvalidInputError(detail, [{ pointer: '/deviceIds', detail }])
}
