import { z } from 'zod'
import { RefusedError } from '../../domain/errors.ts'
import type { StaticGroup } from '../../domain/group.ts'
import { created, expectRevision, found, previewed, shown } from '../answers.ts'
import type { App } from '../app.ts'
import { createOnce } from '../create-once.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { groupShape, name, pageOf, pageQuery } from '../shapes.ts'

const create = route({
  key: 'POST /v1/groups',
  summary: 'Creates a group whose members are listed one by one.',
  body: z.strictObject({ name, description: z.string().max(1000).default('') }),
  requires: ['Idempotency-Key'],
  status: 201,
  answer: groupShape,
  async run({ tenantId, body, newId, isValidateOnly }, app) {
    const groupId = newId('group')
    const group: StaticGroup = {
      kind: 'static',
      tenantId,
      groupId,
      ...body,
      memberCount: 0,
      createdAt: app.now(),
      revision: 1,
    }
    if (isValidateOnly) return previewed(group)
    const kept = await createOnce(
      () => app.groups.create(group),
      () => app.groups.get(tenantId, groupId),
    )
    return created(kept, `/v1/groups/${groupId}`)
  },
})

const list = route({
  key: 'GET /v1/groups',
  summary: 'Lists groups.',
  query: pageQuery,
  status: 200,
  answer: pageOf(groupShape),
  async run({ tenantId, query }, app) {
    const page = await app.groups.list(tenantId, query)
    return { status: 200, body: { ...page, items: page.items.map(shown) } }
  },
})

const read = route({
  key: 'GET /v1/groups/{groupId}',
  summary: 'Shows a group.',
  status: 200,
  answer: groupShape,
  run: async ({ tenantId, param }, app) => found(await app.groups.get(tenantId, param('groupId'))),
})

const remove = route({
  key: 'DELETE /v1/groups/{groupId}',
  summary: 'Deletes a group that no policy is assigned to.',
  requires: ['If-Match'],
  status: 204,
  answer: z.undefined(),
  async run({ tenantId, param, expectedRevision, isValidateOnly }, app) {
    const group = await staticGroup(tenantId, param('groupId'), app)
    expectRevision(group, expectedRevision, `Group '${group.groupId}'`)
    await mustBeUnused(group, app)
    if (isValidateOnly) return previewed(group)
    await app.groups.remove(group)
    return { status: 204, body: undefined }
  },
})

const members = route({
  key: 'GET /v1/groups/{groupId}/members',
  summary: 'Lists the devices of a group.',
  query: pageQuery,
  status: 200,
  answer: pageOf(z.object({ deviceId: z.string() })),
  async run({ tenantId, param, query }, app) {
    const group = await staticGroup(tenantId, param('groupId'), app)
    const page = await app.groups.members(tenantId, group.groupId, query)
    return { status: 200, body: { ...page, items: page.items.map((deviceId) => ({ deviceId })) } }
  },
})

const addMembers = route({
  key: 'POST /v1/groups/{groupId}/members',
  summary: 'Adds devices to a group, all of them or none.',
  body: z.strictObject({ deviceIds: z.array(z.string().min(1).max(200)).min(1).max(40) }),
  requires: ['If-Match'],
  status: 200,
  answer: groupShape,
  async run({ tenantId, param, body, expectedRevision, isValidateOnly }, app) {
    const group = await staticGroup(tenantId, param('groupId'), app)
    expectRevision(group, expectedRevision, `Group '${group.groupId}'`)
    if (isValidateOnly) return previewed(group)
    return found(await app.groups.addMembers(group, [...new Set(body.deviceIds)]))
  },
})

const removeMember = route({
  key: 'DELETE /v1/groups/{groupId}/members/{deviceId}',
  summary: 'Takes a device out of a group.',
  requires: ['If-Match'],
  status: 200,
  answer: groupShape,
  async run({ tenantId, param, expectedRevision, isValidateOnly }, app) {
    const group = await staticGroup(tenantId, param('groupId'), app)
    expectRevision(group, expectedRevision, `Group '${group.groupId}'`)
    if (isValidateOnly) return previewed(group)
    return found(await app.groups.removeMember(group, param('deviceId')))
  },
})

/** Keeps groups and their members. */
export const handler = routes(create, list, read, remove, members, addMembers, removeMember)

async function staticGroup(tenantId: string, groupId: string, app: App): Promise<StaticGroup> {
  const group = await app.groups.get(tenantId, groupId)
  if (group.kind === 'static') return group
  throw new RefusedError(
    `Group '${groupId}' belongs to rotation '${group.rotationId}'; its members follow from the waves`,
  )
}

async function mustBeUnused({ tenantId, groupId }: StaticGroup, app: App): Promise<void> {
  const { policies, groups } = await app.configurations.load(tenantId)
  const user = policies.find(({ assignments }) => assignments.some((each) => each.groupId === groupId))
  if (user) throw new RefusedError(`Policy '${user.policyId}' is assigned to group '${groupId}'; unassign it first`)
  const cohort = groups.find((group) => group.kind === 'cohort' && group.validationGroupId === groupId)
  if (cohort?.kind !== 'cohort') return
  throw new RefusedError(`Rotation '${cohort.rotationId}' validates on group '${groupId}'; it must end first`)
}
