import { beforeAll, expect, test } from '@jest/globals'
import { windowsEdrSettings as ids, withPackage } from '../../domain/profiles/windows-edr.ts'
import { aPackage } from '../support/packages.ts'
import { describeWithRuntime } from '../support/runtime.ts'
import { aStage, changeRequest, changes, contentsBesidesKeys, problemIn, type Stage } from '../support/stage.ts'

const rotations = 'POST /v1/rotations'
const actions = 'POST /v1/rotations/{rotationId}/actions'
const policies = 'POST /v1/policies'
const settings = 'PATCH /v1/policies/{policyId}'
const assignments = 'PUT /v1/policies/{policyId}/assignments'
const packages = 'POST /v1/packages'
const members = 'POST /v1/groups/{groupId}/members'

/** What is wrong, with the request for which route, by which other members of its body, and what it points to. */
type Case = readonly [string, string, object | ((stage: Stage) => object), ...string[]]

const malformed: readonly Case[] = [
  ['a member that no policy has', policies, { colour: 'red' }, ''],
  ['a platform that does not exist', policies, { platform: 'beos' }, '/platform'],
  [
    'a setting without a value',
    policies,
    { settings: [{ settingDefinitionId: ids.sampleSharing }] },
    '/settings/0/value',
  ],
  [
    'an intent that does not exist',
    assignments,
    { assignments: [{ groupId: 'g', intent: 'maybe' }] },
    '/assignments/0/intent',
  ],
  ['a group without a name', 'POST /v1/groups', { name: '   ' }, '/name'],
  ['no devices to add', members, { deviceIds: [] }, '/deviceIds'],
  ['more devices than fit', members, { deviceIds: Array(41).fill('device') }, '/deviceIds'],
  ['a token that lasts no time', 'POST /v1/enrolmentTokens', { expiresInHours: 0 }, '/expiresInHours'],
  ['a package for another platform', packages, { platform: 'macOS' }, '/platform'],
  ['a package without a name', packages, { name: undefined }, '/name'],
  ['a wave that is no target', rotations, { waves: [{ share: 5 }, { percent: 100 }] }, '/waves/0'],
  ['a gate with a rate that is none', rotations, { gate: { baselineFailureRate: 2 } }, '/gate/baselineFailureRate'],
  ['a gate with a rule of its own', rotations, { gate: { skip: true } }, '/gate'],
  ['a rollback that never ends', rotations, { rollbackHours: 1e6 }, '/rollbackHours'],
  ['an action that does not exist', actions, { action: 'explode' }, '/action'],
  ['an action without a reason', actions, { reason: '' }, '/reason'],
]

const unacceptable: readonly Case[] = [
  ['a package that is not one', packages, { content: 'MZ this is a program' }, '/content'],
  ['a package that was cut off', packages, { content: aPackage().slice(0, 500) }, '/content'],
  ['a package of another kind', packages, { kind: 'offboard' }, '/kind'],
  ['a profile that does not exist', policies, { profileId: 'linux-edr' }, '/profileId'],
  ['a package that is unknown', policies, { settings: withPackage([], 'package-9') }, '/settings/1/value'],
  ['a package that is unknown, later', settings, { settings: withPackage([], 'package-9') }, '/settings/1/value'],
  ['an unknown group', policies, { assignments: [{ groupId: 'g9', intent: 'include' }] }, '/assignments/0/groupId'],
  [
    'an unknown group, later',
    assignments,
    { assignments: [{ groupId: 'g9', intent: 'include' }] },
    '/assignments/0/groupId',
  ],
  [
    'a group that is assigned twice',
    assignments,
    ({ groupId }) => ({ assignments: Array(2).fill({ groupId, intent: 'include' }) }),
    '/assignments/1/groupId',
  ],
  ['an unknown device', members, { deviceIds: ['device-9'] }, '/deviceIds'],
  [
    'a known and an unknown device',
    members,
    ({ fleet }) => ({ deviceIds: [fleet.devices[0]?.deviceId, 'd9'] }),
    '/deviceIds',
  ],
  ['an unknown policy', rotations, { oldPolicyId: 'policy-9' }, '/oldPolicyId'],
  ['an unknown package', rotations, { packageId: 'package-9' }, '/packageId'],
  [
    'the package that is there already',
    rotations,
    ({ fleet }) => ({ packageId: fleet.currentPackageId }),
    '/packageId',
  ],
  ['an unknown validation group', rotations, { validationGroupId: 'group-9' }, '/validationGroupId'],
  ['all devices to validate on', rotations, { validationGroupId: 'allDevices' }, '/validationGroupId'],
  [
    'nobody to validate on',
    rotations,
    ({ spareGroupId }) => ({ validationGroupId: spareGroupId }),
    '/validationGroupId',
  ],
  ['no waves', rotations, { waves: [] }, '/waves'],
  [
    'waves that do not rise',
    rotations,
    { waves: [{ percent: 20 }, { percent: 10 }, { percent: 100 }] },
    '/waves/1/percent',
  ],
  ['counts that do not rise', rotations, { waves: [{ count: 5 }, { count: 5 }, { percent: 100 }] }, '/waves/1/count'],
  ['waves that end before 100 percent', rotations, { waves: [{ percent: 20 }, { percent: 90 }] }, '/waves/1'],
  ['more than everybody', rotations, { waves: [{ percent: 120 }] }, '/waves/0/percent', '/waves/0'],
]

describeWithRuntime('bad input changes nothing and is answered by a problem that points to it:', (at) => {
  let stage: Stage
  let before: Record<string, unknown>
  beforeAll(async () => {
    stage = await aStage(at())
    before = await contentsBesidesKeys(at())
  })

  const expectProblem = async (routeKey: string, body: unknown, problem: ReturnType<typeof problemIn>) => {
    const answer = await stage.fleet.operator.call({ ...changeRequest(stage, routeKey), body })
    expect(problemIn(answer)).toEqual(problem)
    expect(await contentsBesidesKeys(at())).toEqual(before)
  }
  const bodyOf = (routeKey: string, members: Case[2]) => {
    const { body } = changeRequest(stage, routeKey)
    return { ...body, ...(typeof members === 'function' ? members(stage) : members) }
  }

  test.each(malformed)('%s (%s)', (_, routeKey, members, ...pointers) =>
    expectProblem(routeKey, bodyOf(routeKey, members), { status: 400, code: 'invalid_request', pointers }),
  )

  test.each(unacceptable)('%s (%s)', (_, routeKey, members, ...pointers) =>
    expectProblem(routeKey, bodyOf(routeKey, members), { status: 422, code: 'invalid_input', pointers }),
  )

  const withBody = Object.keys(changes).filter((routeKey) => !routeKey.startsWith('DELETE'))
  test.each(withBody)('a body that is not JSON, and one that is no object (%s)', async (routeKey) => {
    for (const body of ['{"name":', '["name"]']) {
      await expectProblem(routeKey, body, { status: 400, code: 'invalid_request', pointers: [''] })
    }
  })

  test('a policy that is being rotated (POST /v1/rotations)', async () => {
    const body = bodyOf(rotations, { oldPolicyId: stage.fleet.policyId })
    await expectProblem(rotations, body, { status: 409, code: 'refused', pointers: [] })
  })
})
