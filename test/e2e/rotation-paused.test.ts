import { expect, test } from '@jest/globals'
import { aFleet, takeUp } from '../support/fleet.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'

describeWithRuntime('a rotation under an operator', (at) => {
  test('goes on after a pause, which does not count as time that the wave was watched', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const rotation = await startRotation(at(), fleet, { gate: { soakMinutes: 60 } })
    for (const device of fleet.devices.slice(0, 1)) await takeUp(device)
    await at().pass({ minutes: 30 })

    await rotation.act('pause', 'Payroll runs today')
    await at().pass({ hours: 3 })
    expect(await rotation.show()).toMatchObject({
      status: 'paused',
      currentWave: 0,
      waitingFor: { cause: 'The rotation is paused: Payroll runs today' },
      latestDecision: { decision: 'hold', rule: 'hold-while-paused' },
    })

    await rotation.act('resume')
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ currentWave: 0, latestDecision: { rule: 'hold-for-soak' } })
    await at().pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'running', currentWave: 1 })
    expect((await rotation.decisions()).map(({ rule }) => rule)).toEqual([
      'hold-for-soak',
      'hold-while-paused',
      'hold-for-soak',
      'promote',
      'hold-for-soak',
    ])
  })

  test('is aborted for its failures even while it is paused', async () => {
    const fleet = await aFleet(at(), { size: 3, validation: 3 })
    const rotation = await startRotation(at(), fleet)
    await rotation.act('pause')

    for (const device of fleet.devices) await takeUp(device, 'reportsFailure')
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back', harmedDevices: 3 })
    expect(await rotation.moved()).toEqual([])
  })

  test('enters no further wave while it is paused, and the next one as soon as it is resumed', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    await rotation.act('pause')
    for (const device of fleet.devices.slice(0, 1)) await takeUp(device)

    await at().pass({ hours: 1 })
    expect(await rotation.moved()).toEqual(['pc-1'])
    await rotation.act('resume')
    expect(await rotation.moved()).toEqual(['pc-1', 'pc-2'])
  })

  test('waits for the approval that its plan asks for, and for no other', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const draft = { waves: [{ percent: 100 }], gate: { approval: 'validation' } }
    const rotation = await startRotation(at(), fleet, draft)
    for (const device of fleet.devices) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({
      currentWave: 0,
      waitingFor: {
        cause: "The wave waits for an operator's approval",
        endsWhen: 'Approve the wave, or abort the rotation',
      },
    })

    expect(await rotation.act('approve')).toMatchObject({ status: 201 })
    expect(await rotation.show()).toMatchObject({ currentWave: 1, approvedWaves: [0] })
    for (const device of fleet.devices) await takeUp(device)
    await at().pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'completed', approvedWaves: [0] })
  })

  test('can be approved before the gate asks for it', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }], gate: { approval: 'everyWave' } })
    expect(await rotation.act('approve')).toMatchObject({ status: 201 })
    expect(await rotation.show()).toMatchObject({ currentWave: 0 })

    for (const device of fleet.devices.slice(0, 1)) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ currentWave: 1 })
    for (const device of fleet.devices.slice(1)) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ latestDecision: { rule: 'hold-for-approval' } })
  })
})
