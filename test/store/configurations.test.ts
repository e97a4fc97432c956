import { expect, test } from '@jest/globals'
import type { Configuration } from '../../domain/configuration.ts'
import { NotFoundError, UnavailableError } from '../../domain/errors.ts'
import type { Stores } from '../../store/stores.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { anOnboardingPackage } from '../support/packages.ts'
import { aCohort, aPolicy, aRotation, aStaticGroup, aTenant, aWave } from './records.ts'

const content = { sealedDataKey: 'key', initializationVector: 'iv', ciphertext: 'text', authenticationTag: 'tag' }

describeWithTable('configurations', (table) => {
  test('a configuration holds the policies, groups and packages of its tenant, and no rotation', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const policy = aPolicy({ tenantId })
    const group = aStaticGroup({ tenantId })
    const onboardingPackage = anOnboardingPackage({ tenantId })
    await stores.policies.create(policy)
    await stores.groups.create(group)
    await stores.packages.create(onboardingPackage, content)
    await stores.rotations.create(aRotation({ tenantId }))

    expect(await stores.configurations.load(tenantId)).toEqual({
      tenantId,
      revision: 4,
      policies: [{ ...policy, replacedByRotationId: 'rotation-1', revision: 2 }],
      groups: [group],
      packages: [onboardingPackage],
    })
    await expect(stores.configurations.load('nobody')).rejects.toThrow(NotFoundError)
  })

  test('a configuration of several pages is whole', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const description = 'x'.repeat(300_000)
    const policyIds = ['a', 'b', 'c', 'd', 'e']
    for (const policyId of policyIds) await stores.policies.create(aPolicy({ tenantId, policyId, description }))

    const { policies } = await stores.configurations.load(tenantId)

    expect(policies.map(({ policyId }) => policyId)).toEqual(policyIds)
  })

  test('a refused change leaves the revision as it is', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    await stores.policies.create(aPolicy({ tenantId }))

    await expect(stores.policies.create(aPolicy({ tenantId }))).rejects.toThrow("'policy-1' exists already")
    await expect(stores.policies.replace(aPolicy({ tenantId, revision: 3 }))).rejects.toThrow('no longer at revision 2')
    await expect(stores.policies.remove(aPolicy({ tenantId, revision: 3 }))).rejects.toThrow('no longer at revision 3')

    expect(await stores.configurations.revision(tenantId)).toBe(1)
  })

  test('a configuration is never read in the middle of a rotation step', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const expected = new Map<number, Configuration>()
    const seen: Configuration[] = []
    let isOver = false
    const read = async () => {
      while (!isOver) await stores.configurations.load(tenantId).then((whole) => seen.push(whole), mustBeUnavailable)
    }

    const rotate = async () => {
      for (let round = 0; round < 3; round++) {
        for await (const _step of rotationSteps(stores, tenantId, `${round}`)) {
          const configuration = await stores.configurations.load(tenantId)
          expected.set(configuration.revision, configuration)
        }
      }
      isOver = true
    }
    await Promise.all([rotate(), read(), read()])

    expect(seen.length).toBeGreaterThan(10)
    expect(expected.size).toBe(15)
    for (const configuration of seen.filter(({ revision }) => revision > 0)) {
      expect(configuration).toEqual(expected.get(configuration.revision))
    }
  })
})

/** On a busy machine a configuration may change each time that it is read. */
function mustBeUnavailable(error: unknown) {
  expect(error).toBeInstanceOf(UnavailableError)
}

/** Takes a policy through a whole rotation and pauses behind each step. */
async function* rotationSteps({ policies, rotations }: Stores, tenantId: string, round: string) {
  const ids = { oldPolicyId: `old-${round}`, newPolicyId: `new-${round}`, cohortGroupId: `cohort-${round}` }
  const rotation = aRotation({ tenantId, rotationId: `rotation-${round}`, ...ids })
  const { rotationId } = rotation
  const oldPolicy = aPolicy({ tenantId, policyId: ids.oldPolicyId })
  const newPolicy = aPolicy({ tenantId, policyId: ids.newPolicyId })
  const cohort = aCohort({ tenantId, rotationId, groupId: ids.cohortGroupId })

  yield policies.create(oldPolicy)
  yield rotations.create(rotation)
  const prepared = { rotation: { ...rotation, revision: 2 }, oldPolicy: { ...oldPolicy, revision: 3 } }
  yield rotations.prepare({ ...prepared, newPolicy, cohort })
  const open = { ...cohort, isOpen: true, threshold: 1_000_000, revision: 2 }
  yield rotations.enterWave({
    rotation: { ...rotation, revision: 3 },
    cohort: open,
    wave: aWave({ tenantId, rotationId }),
  })
  yield rotations.decommission({
    rotation: { ...rotation, revision: 4 },
    oldPolicy: { ...oldPolicy, assignments: [], status: 'decommissioned', revision: 4 },
    newPolicy: { ...newPolicy, revision: 2 },
    cohort: open,
  })
}
