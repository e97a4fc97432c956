import { CustomAttributeType, Entity, type EntityItem } from 'electrodb'
import type { Group, StaticGroup } from '../domain/group.ts'
import { ask } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { memberships } from './memberships.ts'
import { type Page, type PageRequest, readPage, type StoredItem } from './query.ts'
import { existsAlready, isStale, isUnknown } from './refusals.ts'
import { raiseRevision } from './tenants.ts'
import { type Step, transact } from './transact.ts'

/** Creating or removing a group raises the configuration's revision; members are read with the device and do not. */
export interface Groups {
  get(tenantId: string, groupId: string): Promise<Group>
  list(tenantId: string, page: PageRequest): Promise<Page<Group>>
  create(group: StaticGroup): Promise<void>
  /** Removes the group, which must still be at its revision. Memberships of it stay behind and mean nothing. */
  remove(group: StaticGroup): Promise<void>
  /**
   * Adds up to 40 devices and returns the group as it is then. Members are let pass. Throws InvalidInputError where a
   * device does not exist; then nobody is added.
   */
  addMembers(group: StaticGroup, deviceIds: readonly string[]): Promise<StaticGroup>
  /** Returns the group as it is then. Throws NotFoundError where the device is no member. */
  removeMember(group: StaticGroup, deviceId: string): Promise<StaticGroup>
  /** The members' device ids, in their order. */
  members(tenantId: string, groupId: string, page: PageRequest): Promise<Page<string>>
}

const groupModel = {
  model: { service: 'rampart', entity: 'group', version: '1' },
  attributes: {
    kind: { type: ['static', 'cohort'], required: true },
    tenantId: { type: 'string', required: true },
    groupId: { type: 'string', required: true },
    name: { type: 'string' },
    description: { type: 'string' },
    memberCount: { type: 'number' },
    createdAt: { type: 'string' },
    rotationId: { type: 'string' },
    scopePolicyId: { type: 'string' },
    validationGroupId: { type: 'string' },
    isOpen: { type: 'boolean' },
    threshold: { type: 'number' },
    waveThresholds: { type: CustomAttributeType<readonly number[]>('any') },
    verificationMinutes: { type: 'number' },
    revision: { type: 'number', required: true },
  },
  indexes: {
    byTenant: {
      pk: key('pk')`tenant#${'tenantId'}#configuration`,
      sk: key('sk')`group#${'groupId'}`,
    },
  },
} as const

/** The store of groups. */
export function groupStore(connection: Connection): Groups {
  const rows = groupRows(connection)
  const { create, replace, remove } = groupSteps(connection)
  const members = memberships(connection)

  return {
    async get(tenantId, groupId) {
      const { data: row } = await ask(rows.get({ tenantId, groupId }).go({ consistent: true }))
      if (!row || !isGroup(row)) throw isUnknown('group', groupId)
      return row
    },

    async list(tenantId, request) {
      const page = await readPage(connection, rows.query.byTenant({ tenantId }).params({ consistent: true }), request)
      return { ...page, items: readGroups(connection, page.items) }
    },

    create: (group) => transact(connection, [create(group), raiseRevision(connection, group.tenantId)]),
    remove: (group) => transact(connection, [remove(group), raiseRevision(connection, group.tenantId)]),

    async addMembers(group, deviceIds) {
      const added = await members.stepsToAdd(group, deviceIds)
      const { length: count } = added.deviceIds
      if (count === 0) return group
      const next = { ...group, memberCount: group.memberCount + count, revision: group.revision + 1 }
      await transact(connection, [replace(next), ...added.steps])
      return next
    },

    async removeMember(group, deviceId) {
      const removal = await members.stepToRemove(group, deviceId)
      const next = { ...group, memberCount: group.memberCount - 1, revision: group.revision + 1 }
      await transact(connection, [replace(next), removal])
      return next
    },

    members: (tenantId, groupId, request) => members.list(tenantId, groupId, request),
  }
}

/** The groups among the items of a configuration. */
export function readGroups(connection: Connection, items: StoredItem[]): Group[] {
  return groupRows(connection).parse({ Items: items }).data.filter(isGroup)
}

/** The steps that transactions change groups by. */
export function groupSteps(connection: Connection) {
  const rows = groupRows(connection)
  return {
    create(group: Group): Step {
      return { write: { Put: rows.create(group).params() }, refusal: () => existsAlready('group', group.groupId) }
    },

    replace(group: Group): Step {
      const { groupId, revision } = group
      const put = rows.put(group).where((row, is) => is.eq(row.revision, revision - 1))
      return { write: { Put: put.params() }, refusal: () => isStale('group', groupId, revision - 1) }
    },

    remove({ tenantId, groupId, revision }: Group): Step {
      const removal = rows.delete({ tenantId, groupId }).where((row, is) => is.eq(row.revision, revision))
      return { write: { Delete: removal.params() }, refusal: () => isStale('group', groupId, revision) }
    },
  }
}

const groupRows = perConnection((connection) => new Entity(groupModel, connection))

type GroupRow = EntityItem<ReturnType<typeof groupRows>>

/** Whether a row has what its kind of group demands, as all have that are put by the steps above. */
function isGroup(row: GroupRow): row is Group {
  return row.kind === 'cohort' ? row.scopePolicyId !== undefined : row.memberCount !== undefined
}
