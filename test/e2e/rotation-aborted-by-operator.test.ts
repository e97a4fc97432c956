import { expect, test } from '@jest/globals'
import { rotationActions } from '../../domain/rotation.ts'
import { policyShape } from '../../functions/shapes.ts'
import { activePackages, aFleet, type TestFleet, takeUp } from '../support/fleet.ts'
import { expectExactCounters } from '../support/recount.ts'
import { type RotationRun, scheduledRotation, startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime, type TestRuntime } from '../support/runtime.ts'

/** How a rotation gets into a state, from where it waits for the gate of its first wave. */
type Way = (at: TestRuntime, fleet: TestFleet, rotation: RotationRun) => Promise<unknown>

const ways: Record<string, Way> = {
  'is watching a wave': async () => undefined,
  'is paused': (_at, _fleet, rotation) => rotation.act('pause'),

  'is paused between two waves': async (at, { operator: { tenantId } }, rotation) => {
    await rotation.act('pause')
    const wave = await at.stores.rotations.wave(tenantId, rotation.rotationId, 0)
    // As where the operator was a moment later than the gate, and earlier than the next wave.
    if (wave) await at.stores.rotations.replaceWave({ ...wave, state: 'promoted', endedAt: at.now() })
    await at.pass({ minutes: 15 })
    expect(await rotation.show()).toMatchObject({ status: 'paused', waitingFor: { kind: 'start', wave: 1 } })
  },

  'waits to retire the old policy': async (at, { devices }, rotation) => {
    for (const device of devices.slice(0, 1)) await takeUp(device)
    await at.pass({ minutes: 15 })
    for (const device of devices.slice(1, 2)) await takeUp(device)
    await at.pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'decommissioning' })
  },
}

describeWithRuntime('a rotation that its operator aborts', (at) => {
  test.each(Object.entries(ways))('gives every device its old package back while it %s', async (_, lead) => {
    const fleet = await aFleet(at(), { size: 3, validation: 1 })
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    await fleet.devices[0]?.checkIn()
    await lead(at(), fleet, rotation)
    expect(await rotation.moved()).not.toEqual([])

    expect(await rotation.act('abort', 'It was the wrong package')).toMatchObject({ status: 201 })
    expect(await rotation.moved()).toEqual([])
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back', stateReason: 'It was the wrong package' })

    for (const device of fleet.devices) await takeUp(device)
    await at().pass({ minutes: 15 })
    expect(activePackages(fleet.devices)).toEqual(Array(3).fill(fleet.currentPackageId))
    expect(await rotation.moved()).toEqual([])
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', harmedDevices: 0 })
    const newPolicy = `/v1/policies/${rotation.rotationId}-policy`
    expect(await fleet.operator.get(newPolicy, policyShape)).toMatchObject({ status: 'withdrawn', assignments: [] })
    expect(await rotation.statesEntered()).toMatch(/ RollBack AwaitRollBack FinishRotation RolledBack$/)
    await expectExactCounters(at(), fleet.operator.tenantId)
  })

  test('moves nobody when it is aborted before it has begun', async () => {
    const fleet = await aFleet(at(), { size: 1, validation: 1 })
    const rotation = await scheduledRotation(at(), fleet)

    expect(await rotation.act('abort')).toMatchObject({ status: 201 })
    await at().pass({ minutes: 30 })
    expect(await rotation.moved()).toEqual([])
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', currentWave: -1 })
    expect(await rotation.statesEntered()).toBe(
      'PrepareRotation RunWave IsPromoted RollBack AwaitRollBack FinishRotation RolledBack',
    )
  })

  test('takes no action any more, and says why', async () => {
    const fleet = await aFleet(at(), { size: 1, validation: 1 })
    const rotation = await startRotation(at(), fleet)
    await rotation.act('abort')

    for (const status of ['rolling_back', 'rolled_back']) {
      expect(await rotation.show()).toMatchObject({ status })
      for (const action of rotationActions) {
        const detail = expect.stringContaining(`Can't ${action} a ${status} rotation; it must be`)
        expect(await rotation.act(action)).toMatchObject({ status: 409, body: { code: 'refused', detail } })
      }
      await at().pass({ minutes: 15 })
    }
  })
})
