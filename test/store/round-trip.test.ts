import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { describeWithTable } from '../support/dynamodb.ts'
import * as generated from './generated.ts'
import { aCohort, aPolicy, aRotation, aTenant, aWave } from './records.ts'

const runs = { numRuns: 12 }

describeWithTable('what is stored is what is read', (table) => {
  test('for policies, also those that replace another', async () => {
    const { policies } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(generated.policies(tenantId), generated.policies(tenantId), async (first, second) => {
      const next = { ...second, policyId: first.policyId, revision: first.revision + 1 }

      await policies.create(first)
      expect(await policies.get(tenantId, first.policyId)).toEqual(first)
      await policies.replace(next)
      expect(await policies.get(tenantId, first.policyId)).toEqual(next)
    })
    await fc.assert(law, runs)
  })

  test('for static groups', async () => {
    const { groups } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(generated.staticGroups(tenantId), async (group) => {
      await groups.create(group)
      expect(await groups.get(tenantId, group.groupId)).toEqual(group)
    })
    await fc.assert(law, runs)
  })

  test('for cohorts', async () => {
    const { groups, policies, rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    let oldPolicy = aPolicy({ tenantId })
    let rotation = aRotation({ tenantId })
    await policies.create(oldPolicy)
    await rotations.create(rotation)
    oldPolicy = await policies.get(tenantId, 'policy-1')
    const law = fc.asyncProperty(generated.cohorts(tenantId), async (cohort) => {
      oldPolicy = { ...oldPolicy, revision: oldPolicy.revision + 1 }
      rotation = { ...rotation, revision: rotation.revision + 1 }
      const newPolicy = aPolicy({ tenantId, policyId: `for-${cohort.groupId}` })

      await rotations.prepare({ rotation, oldPolicy, newPolicy, cohort })
      expect(await groups.get(tenantId, cohort.groupId)).toEqual(cohort)
    })
    await fc.assert(law, runs)
  })

  test('for packages and their sealed content', async () => {
    const { packages } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(
      generated.packages(tenantId),
      generated.contents,
      async (onboardingPackage, content) => {
        await packages.create(onboardingPackage, content)
        expect(await packages.get(tenantId, onboardingPackage.packageId)).toEqual(onboardingPackage)
        expect(await packages.sealedContent(tenantId, onboardingPackage.packageId)).toEqual(content)
      },
    )
    await fc.assert(law, runs)
  })

  test('for devices, also those that replace another', async () => {
    const { devices } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(generated.devices(tenantId), generated.devices(tenantId), async (first, second) => {
      const next = { ...second, deviceId: first.deviceId, revision: first.revision + 1 }

      await devices.enrol(first)
      expect(await devices.get(tenantId, first.deviceId)).toEqual(first)
      await devices.save(next)
      expect((await devices.collection(tenantId, first.deviceId)).device).toEqual(next)
    })
    await fc.assert(law, runs)
  })

  test('for rotations, also those that replace another', async () => {
    const { policies, rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(
      generated.rotations(tenantId),
      generated.rotations(tenantId),
      async (first, second) => {
        const { rotationId } = first
        const next = { ...second, rotationId, revision: first.revision + 1 }
        await policies.create(aPolicy({ tenantId, policyId: `old-${rotationId}` }))

        await rotations.create({ ...first, oldPolicyId: `old-${rotationId}` })
        expect(await rotations.get(tenantId, rotationId)).toEqual({ ...first, oldPolicyId: `old-${rotationId}` })
        await rotations.replace(next)
        expect(await rotations.get(tenantId, rotationId)).toEqual(next)
      },
    )
    await fc.assert(law, runs)
  })

  test('for waves', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const law = fc.asyncProperty(fc.uuid(), generated.waves(tenantId), async (rotationId, given) => {
      const ids = { tenantId, rotationId, oldPolicyId: `old-${rotationId}`, cohortGroupId: `cohort-${rotationId}` }
      const rotation = aRotation(ids)
      const oldPolicy = aPolicy({ tenantId, policyId: rotation.oldPolicyId })
      const cohort = aCohort({ tenantId, rotationId, groupId: rotation.cohortGroupId })
      const newPolicy = aPolicy({ tenantId, policyId: `new-${rotationId}` })
      await stores.policies.create(oldPolicy)
      await stores.rotations.create(rotation)
      await stores.rotations.prepare({
        rotation: { ...rotation, revision: 2 },
        oldPolicy: { ...oldPolicy, revision: 3 },
        newPolicy,
        cohort,
      })
      const wave = aWave({ tenantId, rotationId })
      const entered = { rotation: { ...rotation, revision: 3 }, cohort: { ...cohort, revision: 2 }, wave }
      await stores.rotations.enterWave(entered)

      await stores.rotations.replaceWave({ ...given, rotationId })

      expect(await stores.rotations.wave(tenantId, rotationId, 0)).toEqual({ ...given, rotationId })
      expect(await stores.rotations.waves(tenantId, rotationId)).toEqual([{ ...given, rotationId }])
    })
    await fc.assert(law, runs)
  })

  test('for gate decisions', async () => {
    const { rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(generated.decisions(tenantId), async (decision) => {
      await rotations.recordDecision(decision)
      expect(await rotations.latestDecision(tenantId, decision.rotationId)).toEqual(decision)
    })
    await fc.assert(law, runs)
  })

  test('for waits', async () => {
    const { rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    const law = fc.asyncProperty(generated.waits(tenantId), async (wait) => {
      await rotations.setWait(wait)
      expect(await rotations.wait(tenantId, wait.rotationId)).toEqual(wait)
    })
    await fc.assert(law, runs)
  })
})
