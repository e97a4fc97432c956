import { expect, test } from '@jest/globals'
import { bucket } from '../../domain/bucket.ts'
import { allDevices } from '../../domain/group.ts'
import { policyShape } from '../../functions/shapes.ts'
import { aFleet, type TestFleet, takeUp } from '../support/fleet.ts'
import { expectExactCounters } from '../support/recount.ts'
import { type RotationRun, startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime, type TestRuntime } from '../support/runtime.ts'
import type { ScriptedDevice } from '../support/scripted-device.ts'

const gate = { soakMinutes: 60, minReachedPercent: 80 }
const waves = [{ percent: 30 }, { count: 9 }, { percent: 100 }]
const size = 14

describeWithRuntime('a rotation to a good package', (at) => {
  test('moves the fleet wave by wave, each device on exactly one package, and retires the old policy', async () => {
    const fleet = await aFleet(at(), { size, validation: 2 })
    const { operator, devices, policyId } = fleet
    const rotation = await startRotation(at(), fleet, { waves, gate })
    const inValidationOrBelow = (threshold: number) =>
      names(devices.filter((each, index) => index < 2 || bucket(rotation.rotationId, each.deviceId) < threshold))

    expect(await rotation.moved()).toEqual(names(devices.slice(0, 2)))
    await finishWave(at(), fleet, rotation)
    expect(await rotation.moved()).toEqual(inValidationOrBelow(300_000))
    await finishWave(at(), fleet, rotation)
    expect(await rotation.moved()).toEqual(inValidationOrBelow(Math.ceil((9 / size) * 1_000_000)))
    await finishWave(at(), fleet, rotation)
    expect(await rotation.moved()).toEqual(names(devices))
    await finishWave(at(), fleet, rotation)
    expect(await rotation.moved()).toEqual(names(devices))

    expect(await rotation.show()).toMatchObject({ status: 'completed', currentWave: 3, devices: { succeeded: size } })
    expect(await operator.get(`/v1/policies/${policyId}`, policyShape)).toMatchObject({
      status: 'decommissioned',
      assignments: [],
    })
    expect(await operator.get(`/v1/policies/${rotation.rotationId}-policy`, policyShape)).toMatchObject({
      status: 'active',
      assignments: [{ groupId: allDevices, intent: 'include', managedBy: 'operator' }],
    })
    await expectExactCounters(at(), operator.tenantId)
    expect(await rotation.statesEntered()).toBe(
      `PrepareRotation ${'RunWave IsPromoted '.repeat(4)}AwaitDecommission MayDecommission DecommissionPolicy HasDecommissioned Completed`,
    )
    for (const wave of [0, 1, 2, 3]) {
      expect(await rotation.statesEntered(wave)).toBe('AwaitStart MayStart EnterWave HasEntered AwaitGate Decided')
    }
  })

  test('disturbs no device when it completes, and follows those that restart only then', async () => {
    const fleet = await aFleet(at(), { size: 4, validation: 2 })
    const [prompt, late] = [fleet.devices.slice(0, 3), fleet.devices.slice(3)]
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    for (const device of prompt.slice(0, 2)) await takeUp(device)
    await at().pass({ minutes: 15 })
    for (const device of prompt.slice(2)) await takeUp(device)
    for (const device of late) await device.checkIn()

    await at().pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'completed', devices: { succeeded: 3, assigned: 1 } })
    for (const device of prompt) expect(await device.checkIn()).toMatchObject({ unchanged: true })

    for (const device of late) await takeUp(device)
    await at().settle()
    expect(late.map((device) => device.agent().activePackageId)).toEqual([fleet.nextPackageId])
    expect(await rotation.show()).toMatchObject({ status: 'completed', devices: { succeeded: 4 } })
    await expectExactCounters(at(), fleet.operator.tenantId)
  })
})

const names = (devices: readonly ScriptedDevice[]) => devices.map(({ name }) => name)

/** All devices of the wave take up the new package, and the gate is asked after the soak. */
async function finishWave(at: TestRuntime, { devices }: TestFleet, rotation: RotationRun): Promise<void> {
  const moved = await rotation.moved()
  for (const device of devices) if (moved.includes(device.name)) await takeUp(device)
  await at.pass({ minutes: 75 })
}
