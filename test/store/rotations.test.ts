import { expect, test } from '@jest/globals'
import { NotFoundError, RefusedError, StaleRevisionError } from '../../domain/errors.ts'
import type { Stores } from '../../store/stores.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { aCohort, aDecision, aPolicy, aRotation, aTenant, aWait, aWave } from './records.ts'

/** The rotation as it stands once wave 0 is entered, with all its records. */
async function enteredRotation(stores: Stores) {
  const tenantId = await aTenant(stores)
  const [policy, newPolicy] = [aPolicy({ tenantId }), aPolicy({ tenantId, policyId: 'policy-2' })]
  const rotation = aRotation({ tenantId })
  const cohort = aCohort({ tenantId })
  const wave = aWave({ tenantId })
  await stores.policies.create(policy)
  await stores.rotations.create(rotation)
  const oldPolicy = { ...policy, replacedByRotationId: 'rotation-1', revision: 3 }
  const prepared = { ...rotation, revision: 2 }
  await stores.rotations.prepare({ rotation: prepared, oldPolicy, newPolicy, cohort })
  const running = { ...rotation, currentWave: 0, revision: 3 }
  const open = { ...cohort, isOpen: true, revision: 2 }
  await stores.rotations.enterWave({ rotation: running, cohort: open, wave })
  return { tenantId, rotation: running, oldPolicy, newPolicy, cohort: open, wave }
}

function next<T extends { readonly revision: number }>(record: T): T {
  return { ...record, revision: record.revision + 1 }
}

describeWithTable('rotations', (table) => {
  test('one rotation at a time holds a policy', async () => {
    const { policies, rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    await policies.create(aPolicy({ tenantId }))
    await rotations.create(aRotation({ tenantId }))

    const second = rotations.create(aRotation({ tenantId, rotationId: 'rotation-2' }))
    await expect(second).rejects.toThrow("Policy 'policy-1' can't be replaced now")
    await expect(rotations.get(tenantId, 'rotation-2')).rejects.toThrow(NotFoundError)
    await expect(rotations.create(aRotation({ tenantId }))).rejects.toThrow(
      "A rotation named 'rotation-1' exists already",
    )
    expect(await policies.get(tenantId, 'policy-1')).toMatchObject({ replacedByRotationId: 'rotation-1', revision: 2 })
  })

  test('a policy that is not active, or not there, cannot be replaced', async () => {
    const { policies, rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    await policies.create(aPolicy({ tenantId, status: 'withdrawn' }))

    await expect(rotations.create(aRotation({ tenantId }))).rejects.toThrow(RefusedError)
    await expect(rotations.create(aRotation({ tenantId, oldPolicyId: 'none' }))).rejects.toThrow(RefusedError)
  })

  test('every step that changes what applies raises the configuration revision once', async () => {
    const { stores } = table()
    const { tenantId, rotation, oldPolicy, newPolicy, cohort, wave } = await enteredRotation(stores)
    expect(await stores.configurations.revision(tenantId)).toBe(4)

    const decided = { rotation: next(rotation), wave, decision: aDecision({ tenantId }) }
    await stores.rotations.decide(decided)
    expect(await stores.configurations.revision(tenantId)).toBe(4)

    const policies = { oldPolicy: next(oldPolicy), newPolicy: next(newPolicy) }
    await stores.rotations.decommission({ rotation: next(next(rotation)), ...policies, cohort })
    await stores.rotations.finish({ rotation: next(next(next(rotation))), oldPolicy: next(next(oldPolicy)) })
    expect(await stores.configurations.revision(tenantId)).toBe(6)
  })

  test('a step of which one record is stale changes nothing at all', async () => {
    const { stores, contents } = table()
    const { rotations } = stores
    const { tenantId, rotation, oldPolicy, newPolicy, cohort, wave } = await enteredRotation(stores)
    const before = await contents()
    const decision = aDecision({ tenantId })
    const [nextRotation, nextOld, nextNew] = [next(rotation), next(oldPolicy), next(newPolicy)]
    const fresh = aPolicy({ tenantId, policyId: 'policy-3' })
    const other = aCohort({ tenantId, groupId: 'cohort-2' })
    const secondWave = aWave({ tenantId, wave: 1 })

    const refused = [
      () => rotations.prepare({ rotation, oldPolicy: nextOld, newPolicy: fresh, cohort: other }),
      () => rotations.prepare({ rotation: nextRotation, oldPolicy, newPolicy: fresh, cohort: other }),
      () => rotations.prepare({ rotation: nextRotation, oldPolicy: nextOld, newPolicy, cohort: other }),
      () => rotations.prepare({ rotation: nextRotation, oldPolicy: nextOld, newPolicy: fresh, cohort }),
      () => rotations.enterWave({ rotation, cohort: next(cohort), wave: secondWave }),
      () => rotations.enterWave({ rotation: nextRotation, cohort, wave: secondWave }),
      () => rotations.enterWave({ rotation: nextRotation, cohort: next(cohort), wave }),
      () => rotations.decide({ rotation, wave, decision }),
      () => rotations.decide({ rotation: nextRotation, wave: secondWave, decision }),
      () => rotations.resume({ rotation: nextRotation, wave: secondWave }),
      () =>
        rotations.decommission({
          rotation: nextRotation,
          oldPolicy: nextOld,
          newPolicy: nextNew,
          cohort: next(cohort),
        }),
      () => rotations.decommission({ rotation: nextRotation, oldPolicy: nextOld, newPolicy, cohort }),
      () => rotations.rollBack({ rotation: nextRotation, oldPolicy, newPolicy: nextNew, cohort, wave }),
      () => rotations.rollBack({ rotation: nextRotation, oldPolicy: nextOld, wave: secondWave }),
      () => rotations.finish({ rotation: nextRotation, oldPolicy }),
      () => rotations.replace(rotation),
    ]
    for (const step of refused) await expect(step()).rejects.toThrow(/is no longer at|exists already|never entered/)

    expect(await contents()).toEqual(before)
  })

  test('a step that is taken again is refused as stale', async () => {
    const { stores } = table()
    const { rotation, oldPolicy } = await enteredRotation(stores)
    const step = { rotation: next(rotation), oldPolicy: next(oldPolicy) }
    await stores.rotations.finish(step)

    await expect(stores.rotations.finish(step)).rejects.toThrow(StaleRevisionError)
  })

  test('rolling back deletes the cohort and closes the wave, also one that the gate has aborted', async () => {
    const { stores } = table()
    const { tenantId, rotation, oldPolicy, newPolicy, cohort, wave } = await enteredRotation(stores)
    const aborted = { ...wave, state: 'aborted' } as const
    await stores.rotations.decide({ rotation: next(rotation), wave: aborted, decision: aDecision({ tenantId }) })

    await stores.rotations.rollBack({
      rotation: next(next(rotation)),
      oldPolicy: next(oldPolicy),
      newPolicy: next(newPolicy),
      cohort,
      wave: { ...aborted, endedAt: '2026-01-02T00:00:00.000Z' },
    })

    await expect(stores.groups.get(tenantId, 'cohort-1')).rejects.toThrow(NotFoundError)
    expect(await stores.rotations.wave(tenantId, 'rotation-1', 0)).toMatchObject({
      endedAt: '2026-01-02T00:00:00.000Z',
    })
    await expect(stores.rotations.replaceWave(aborted)).rejects.toThrow(RefusedError)
  })

  test('a rotation that was never prepared is rolled back without a policy, cohort and wave of its own', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const policy = aPolicy({ tenantId })
    await stores.policies.create(policy)
    await stores.rotations.create(aRotation({ tenantId }))

    const rotation = aRotation({ tenantId, status: 'rolled_back', revision: 2 })
    await stores.rotations.rollBack({ rotation, oldPolicy: { ...policy, revision: 3 } })

    expect(await stores.policies.get(tenantId, 'policy-1')).toEqual({ ...policy, revision: 3 })
  })

  test('the waves come in their order, the decisions newest first', async () => {
    const { stores } = table()
    const { tenantId, rotation, cohort } = await enteredRotation(stores)
    let [lastRotation, lastCohort] = [rotation, cohort]
    for (let wave = 1; wave <= 11; wave++) {
      lastRotation = next(lastRotation)
      lastCohort = next(lastCohort)
      await stores.rotations.enterWave({ rotation: lastRotation, cohort: lastCohort, wave: aWave({ tenantId, wave }) })
    }
    for (const hour of [1, 3, 2]) {
      const decidedAt = `2026-01-01T0${hour}:00:00.000Z`
      await stores.rotations.recordDecision(aDecision({ tenantId, decisionId: `${hour}`, decidedAt }))
    }

    const waves = await stores.rotations.waves(tenantId, 'rotation-1')
    expect(waves.map(({ wave }) => wave)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    const { items } = await stores.rotations.decisions(tenantId, 'rotation-1', { limit: 10 })
    expect(items.map(({ decisionId }) => decisionId)).toEqual(['3', '2', '1'])
    expect(await stores.rotations.latestDecision(tenantId, 'rotation-1')).toEqual(items[0])
    expect(await stores.rotations.latestDecision(tenantId, 'rotation-2')).toBeUndefined()
  })

  test('recording a decision again changes nothing', async () => {
    const { stores, contents } = table()
    const tenantId = await aTenant(stores)
    await stores.rotations.recordDecision(aDecision({ tenantId }))
    const before = await contents()

    await stores.rotations.recordDecision(aDecision({ tenantId, message: 'another' }))

    expect(await contents()).toEqual(before)
  })

  test('only the wait that is kept can be cleared, and no earlier one takes its place', async () => {
    const { rotations } = table().stores
    const tenantId = await aTenant(table().stores)
    const first = aWait({ tenantId, taskToken: 'first', sinceAt: '2026-01-01T01:00:00.000Z' })
    const second = aWait({ tenantId, taskToken: 'second', sinceAt: '2026-01-01T02:00:00.000Z' })
    await rotations.setWait(first)
    await rotations.setWait(second)

    await rotations.clearWait(first)
    await expect(rotations.setWait(first)).rejects.toThrow(StaleRevisionError)
    expect(await rotations.openWaits(tenantId)).toEqual([second])

    await rotations.clearWait(second)
    await rotations.clearWait(second)
    expect(await rotations.wait(tenantId, 'rotation-1')).toBeUndefined()
    expect(await rotations.openWaits(tenantId)).toEqual([])
  })
})
