import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { withPackage } from '../../domain/profiles/windows-edr.ts'
import { describeWithRuntime } from '../support/runtime.ts'
import { aStage, changeRequest, changes, contentsBesidesKeys, problemIn, type Stage } from '../support/stage.ts'

const page = z.object({ items: z.array(z.looseObject({})), nextCursor: z.string().optional() })

/** What one tenant's operator changes of their own, naming something of the other tenant in the body. */
const borrowings: readonly [string, (own: Stage, foreign: Stage) => object, string][] = [
  ['POST /v1/policies', (_, { fleet }) => ({ settings: withPackage([], fleet.nextPackageId) }), '/settings/1/value'],
  [
    'POST /v1/policies',
    (_, { groupId }) => ({ assignments: [{ groupId, intent: 'include' }] }),
    '/assignments/0/groupId',
  ],
  [
    'PATCH /v1/policies/{policyId}',
    (_, { fleet }) => ({ settings: withPackage([], fleet.nextPackageId) }),
    '/settings/1/value',
  ],
  [
    'PUT /v1/policies/{policyId}/assignments',
    (_, { groupId }) => ({ assignments: [{ groupId, intent: 'exclude' }] }),
    '/assignments/0/groupId',
  ],
  ['POST /v1/groups/{groupId}/members', (_, { fleet }) => ({ deviceIds: [fleet.devices[0]?.deviceId] }), '/deviceIds'],
  ['POST /v1/rotations', (_, { policyId }) => ({ oldPolicyId: policyId }), '/oldPolicyId'],
  ['POST /v1/rotations', (_, { fleet }) => ({ packageId: fleet.nextPackageId }), '/packageId'],
  ['POST /v1/rotations', (_, { groupId }) => ({ validationGroupId: groupId }), '/validationGroupId'],
]

describeWithRuntime('a tenant', (at) => {
  let ours: Stage
  let theirs: Stage
  let before: Record<string, unknown>
  beforeAll(async () => {
    ours = await aStage(at())
    theirs = await aStage(at())
    before = await contentsBesidesKeys(at())
  })

  test.each(Object.keys(changes).filter((key) => key.includes('Id}')))(
    'can change nothing of another one: %s',
    async (key) => {
      const answer = await ours.fleet.operator.call(changeRequest(theirs, key))
      const [parameter] = /(?<=\{)\w+(?=\})/.exec(key) ?? []

      expect(problemIn(answer)).toEqual({ status: 404, code: 'not_found', pointers: [`/path/${parameter}`] })
      expect(await contentsBesidesKeys(at())).toEqual(before)
    },
  )

  test.each(borrowings)('can use nothing of another one: %s %#', async (key, members, pointer) => {
    const request = changeRequest(ours, key)
    const answer = await ours.fleet.operator.call({
      ...request,
      body: { ...request.body, ...members(ours, theirs) },
    })

    expect(problemIn(answer)).toEqual({ status: 422, code: 'invalid_input', pointers: [pointer] })
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test('can read nothing of another one', async () => {
    const { fleet, rotation, groupId, policyId, deviceId } = theirs
    const { executionId } = await rotation.show()
    const ids = {
      packageId: fleet.nextPackageId,
      policyId,
      groupId,
      deviceId,
      rotationId: rotation.rotationId,
      executionId,
    }
    const routes = at().runtime.deployment.apis.flatMap((api) => api.routes.map(({ routeKey }) => routeKey))
    const reading = routes.filter((routeKey) => routeKey.startsWith('GET ') && routeKey.includes('{'))
    expect(reading.length).toBeGreaterThan(10)

    for (const routeKey of reading) {
      const [[name, id] = ['', '']] = Object.entries(ids).filter(([each]) => routeKey.includes(`{${each}}`))
      const path = routeKey.replace('GET ', '').replace(`{${name}}`, encodeURIComponent(id))
      expect(await fleet.operator.call({ path })).toMatchObject({ status: 200 })
      const problem = problemIn(await ours.fleet.operator.call({ path }))
      expect({ routeKey, ...problem }).toEqual({
        routeKey,
        status: 404,
        code: 'not_found',
        pointers: [`/path/${name}`],
      })
    }
  })

  test('finds only its own in lists, and cannot go on from a place in the list of another one', async () => {
    const stranger = await at().newOperator()
    for (const list of ['packages', 'policies', 'groups', 'devices', 'rotations', 'executions']) {
      expect(await stranger.get(`/v1/${list}`, page)).toEqual({ items: [] })
      const { nextCursor } = await theirs.fleet.operator.get(`/v1/${list}?limit=1`, page)
      if (nextCursor === undefined) continue
      const answer = await ours.fleet.operator.call({ path: `/v1/${list}?cursor=${encodeURIComponent(nextCursor)}` })
      expect(problemIn(answer)).toEqual({ status: 422, code: 'invalid_input', pointers: ['/cursor'] })
    }
  })

  test('gets its own answer under a key that another one has used', async () => {
    const key = randomUUID()
    const create = { method: 'POST', path: '/v1/groups', body: { name: 'Pilots' }, headers: { 'idempotency-key': key } }
    const [first, second] = [await ours.fleet.operator.call(create), await theirs.fleet.operator.call(create)]

    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.headers.get('idempotency-replayed')).toBeNull()
    expect(second.headers.get('location')).not.toBe(first.headers.get('location'))
  })
})
