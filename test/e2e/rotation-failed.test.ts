import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { activePackages, aFleet, takeUp } from '../support/fleet.ts'
import { expectExactCounters } from '../support/recount.ts'
import { scheduledRotation, startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'

const execution = z.object({ status: z.string(), error: z.string().optional(), cause: z.string().optional() })

describeWithRuntime('a rotation whose tasks fail', (at) => {
  test('is rolled back before it moved anybody, where its package is gone', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const { tenantId } = fleet.operator
    const rotation = await scheduledRotation(at(), fleet)
    await at().removeItem(`tenant#${tenantId}#configuration`, `package#${fleet.nextPackageId}`)

    await at().pass({ minutes: 15 })
    expect(await rotation.moved()).toEqual([])
    await at().pass({ minutes: 15 })
    const stateReason = expect.stringMatching(/^Stopped by a failure: NotFoundError: .*No package is named/)
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', stateReason, currentWave: -1 })
    expect(await rotation.statesEntered()).toBe('PrepareRotation RollBack AwaitRollBack FinishRotation RolledBack')
    await expectExactCounters(at(), tenantId)
  })

  test('is rolled back from amid its waves, where a wave cannot be entered', async () => {
    const fleet = await aFleet(at(), { size: 3, validation: 1 })
    const { tenantId } = fleet.operator
    const rotation = await startRotation(at(), fleet)
    for (const device of fleet.devices) await takeUp(device)
    const group = await at().stores.groups.get(tenantId, fleet.validationGroupId)
    if (group.kind === 'static') await at().stores.groups.remove(group)

    await at().pass({ minutes: 15 })
    expect(await rotation.moved()).toEqual([])
    const stateReason = expect.stringMatching(/^Stopped by a failure: .*No group is named/)
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back', stateReason, currentWave: 0 })
    expect(await rotation.statesEntered()).toMatch(/ RunWave RollBack AwaitRollBack$/)

    for (const device of fleet.devices) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(activePackages(fleet.devices)).toEqual(Array(3).fill(fleet.currentPackageId))
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', devices: { rolled_back: 1 } })
    expect(await rotation.statesEntered()).toMatch(/ RollBack AwaitRollBack FinishRotation RolledBack$/)
    await expectExactCounters(at(), tenantId)
  })

  test('is rolled back at its end, where the old policy cannot be retired', async () => {
    const fleet = await aFleet(at(), { size: 1, validation: 1 })
    const { tenantId } = fleet.operator
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    for (const device of fleet.devices) await takeUp(device)
    await at().pass({ minutes: 15 })
    const newPolicy = await at().stores.policies.get(tenantId, `${rotation.rotationId}-policy`)
    await at().stores.policies.remove(newPolicy)

    await at().pass({ minutes: 30 })
    expect(await rotation.moved()).toEqual([])
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back' })
    expect(await rotation.statesEntered()).toMatch(/ DecommissionPolicy RollBack AwaitRollBack$/)
  })

  test('gets stuck where it cannot even be rolled back, and its execution says why', async () => {
    const fleet = await aFleet(at(), { size: 1, validation: 1 })
    const { operator } = fleet
    const rotation = await startRotation(at(), fleet)
    await at().stores.policies.remove(await at().stores.policies.get(operator.tenantId, fleet.policyId))

    await rotation.act('abort')
    const { executionId } = await rotation.show()
    expect(await operator.get(`/v1/executions/${encodeURIComponent(executionId)}`, execution)).toMatchObject({
      status: 'FAILED',
      error: 'RotationStuck',
      cause: expect.stringContaining(`No policy is named '${fleet.policyId}'`),
    })
    expect(await rotation.statesEntered()).toMatch(/ RollBack RotationStuck$/)
  })
})
