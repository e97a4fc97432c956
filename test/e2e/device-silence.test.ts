import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { aFleet, showDevice, takeUp } from '../support/fleet.ts'
import { expectExactCounters } from '../support/recount.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'

const overview = z.object({ devices: z.record(z.string(), z.number()) })

describeWithRuntime('a device that falls silent', (at) => {
  test('is unreachable after a day, and counts as harmed by nothing', async () => {
    const fleet = await aFleet(at(), { size: 3, validation: 2 })
    const { operator, devices } = fleet
    const rotation = await startRotation(at(), fleet, { gate: { minOutcomePercent: 100 } })
    const [waiting, talking] = devices
    await waiting?.checkIn()
    await at().pass({ hours: 23 })
    await talking?.checkIn()
    expect((await operator.get('/v1/overview', overview)).devices).toMatchObject({ enrolled: 3, unreachable: 0 })

    await at().pass({ hours: 2 })
    expect((await operator.get('/v1/overview', overview)).devices).toMatchObject({ enrolled: 3, unreachable: 2 })
    expect(await rotation.show()).toMatchObject({ harmedDevices: 0, devices: { unreachable: 1, assigned: 1 } })
    await expectExactCounters(at(), operator.tenantId)

    for (const device of devices) await takeUp(device)
    await at().settle()
    expect((await operator.get('/v1/overview', overview)).devices).toMatchObject({ unreachable: 0, onboarded: 3 })
    expect(await rotation.show()).toMatchObject({ harmedDevices: 0, devices: { succeeded: 2 } })
    await expectExactCounters(at(), operator.tenantId)
  })

  test('is unverified when its deadline has passed, by itself or at its next check-in, and stays harmed', async () => {
    const fleet = await aFleet(at(), { size: 3, validation: 3 })
    const [gone, present, healed] = fleet.devices
    const rotation = await startRotation(at(), fleet, { gate: { verificationMinutes: 20, minOutcomePercent: 100 } })
    for (const device of fleet.devices) await takeUp(device, 'fallsSilent')
    await healed?.checkIn()
    await at().settle()
    expect(await rotation.show()).toMatchObject({ harmedDevices: 0, devices: { verifying: 2, succeeded: 1 } })

    await at().pass({ minutes: 25 })
    await present?.checkIn('fallsSilent')
    await at().settle()
    expect(present && (await showDevice(fleet, present.deviceId))).toMatchObject({ progress: { state: 'unverified' } })
    expect(gone && (await showDevice(fleet, gone.deviceId))).toMatchObject({ progress: { state: 'verifying' } })
    await at().pass({ minutes: 45 })
    expect(await rotation.show()).toMatchObject({ harmedDevices: 2, devices: { unverified: 2, succeeded: 1 } })

    await present?.checkIn()
    await at().settle()
    expect(await rotation.show()).toMatchObject({ harmedDevices: 2, devices: { unverified: 1, succeeded: 2 } })
    await expectExactCounters(at(), fleet.operator.tenantId)
  })
})
