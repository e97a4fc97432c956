import { expect, test } from '@jest/globals'
import { activePackages, aFleet, showDevice, takeUp } from '../support/fleet.ts'
import { expectExactCounters } from '../support/recount.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'

describeWithRuntime('a rotation to a bad package', (at) => {
  test('is aborted when too many devices fail or fall silent, and the others never change', async () => {
    const fleet = await aFleet(at(), { size: 7, validation: 5 })
    const [failing = [], silent = [], good = [], pending = [], unmoved = []] = split(fleet.devices, [2, 1, 1, 1, 2])
    const gate = { verificationMinutes: 50, minOutcomePercent: 100 }
    const rotation = await startRotation(at(), fleet, { gate })

    for (const device of failing) await takeUp(device, 'reportsFailure')
    for (const device of silent) await takeUp(device, 'fallsSilent')
    for (const device of good) await takeUp(device)
    for (const device of pending) await device.checkIn()
    await at().pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'running', harmedDevices: 2, devices: { verifying: 1 } })
    expect(await rotation.moved()).toEqual(['pc-1', 'pc-2', 'pc-3', 'pc-4', 'pc-5'])

    await at().pass({ minutes: 60 })
    expect(await rotation.moved()).toEqual([])
    expect(await rotation.show()).toMatchObject({
      status: 'rolling_back',
      stateReason: 'The new package fails on more devices than a good package would',
      latestDecision: { decision: 'abort', rule: 'abort-on-harm-evidence' },
      waitingFor: { kind: 'rollback' },
      waves: [{ state: 'aborted' }, { state: 'pending' }, { state: 'pending' }],
    })

    for (const device of [...pending, ...unmoved]) await takeUp(device)
    expect(activePackages([...pending, ...unmoved])).toEqual(Array(3).fill(fleet.currentPackageId))
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back', devices: { retracted: 1 } })

    for (const device of [...failing, ...silent, ...good]) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(activePackages(fleet.devices)).toEqual(Array(7).fill(fleet.currentPackageId))
    expect(await rotation.show()).toMatchObject({
      status: 'rolled_back',
      harmedDevices: 3,
      devices: { retracted: 1, rolled_back: 4 },
    })
    await expectExactCounters(at(), fleet.operator.tenantId)
    expect(await rotation.statesEntered()).toBe(
      'PrepareRotation RunWave IsPromoted RollBack AwaitRollBack FinishRotation RolledBack',
    )
  })

  test('is aborted as late as the old policy waits to be retired', async () => {
    const fleet = await aFleet(at(), { size: 5, validation: 1 })
    const [first = [], failing = [], unmoved = []] = split(fleet.devices, [1, 3, 1])
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }], gate: { minOutcomePercent: 0 } })
    for (const device of first) await takeUp(device)
    await at().pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'decommissioning' })

    for (const device of failing) await takeUp(device, 'reportsFailure')
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back', harmedDevices: 3 })
    expect(await rotation.moved()).toEqual([])

    for (const device of [...first, ...failing]) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', devices: { rolled_back: 4 } })
    for (const { deviceId } of unmoved) expect((await showDevice(fleet, deviceId)).progress).toBeUndefined()
    await expectExactCounters(at(), fleet.operator.tenantId)
    expect(await rotation.statesEntered()).toMatch(
      /AwaitDecommission MayDecommission RollBack AwaitRollBack FinishRotation RolledBack$/,
    )
  })
})

/** The devices in parts of these sizes. */
function split<T>(all: readonly T[], sizes: readonly number[]): T[][] {
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0))
  return sizes.map((size, index) => all.slice(starts[index], (starts[index] ?? 0) + size))
}
