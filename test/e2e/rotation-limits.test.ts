import { expect, test } from '@jest/globals'
import { next } from '../../domain/rotation-steps.ts'
import { policyShape, rotationShape } from '../../functions/shapes.ts'
import { activePackages, addPackage, aFleet, setBack, showDevice, takeUp } from '../support/fleet.ts'
import { expectExactCounters } from '../support/recount.ts'
import { rotationRequest, rotationRun, startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'
import { contentsBesidesKeys, problemIn } from '../support/stage.ts'

describeWithRuntime('a rotation', (at) => {
  test('replaces a preconfigured policy too, whose assignments nobody else can edit', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const { operator, policyId } = fleet
    const policy = await at().stores.policies.get(operator.tenantId, policyId)
    await at().stores.policies.replace(next(policy, { origin: 'preconfigured' }))
    const edit = { method: 'PUT', path: `/v1/policies/${policyId}/assignments`, body: { assignments: [] } }
    const refusal = { status: 409, code: 'refused', pointers: [] }
    expect(problemIn(await operator.call({ ...edit, headers: { 'if-match': '*' } }))).toEqual(refusal)

    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    for (const minutes of [15, 15, 15]) {
      expect(problemIn(await operator.call({ ...edit, headers: { 'if-match': '*' } }))).toEqual(refusal)
      for (const device of fleet.devices) await takeUp(device)
      await at().pass({ minutes })
    }
    expect(await rotation.show()).toMatchObject({ status: 'completed' })
    expect(await operator.get(`/v1/policies/${policyId}`, policyShape)).toMatchObject({
      origin: 'preconfigured',
      status: 'decommissioned',
    })
    expect(activePackages(fleet.devices)).toEqual(Array(2).fill(fleet.nextPackageId))
  })

  test('ends when its rollback has taken as long as it may, and the last device follows when it can', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const [lost, other] = fleet.devices
    const rotation = await startRotation(at(), fleet, { rollbackHours: 1 })
    if (lost) await takeUp(lost)
    await rotation.act('abort')

    await at().pass({ minutes: 45 })
    expect(await rotation.show()).toMatchObject({ status: 'rolling_back', devices: { succeeded: 1 } })
    await at().pass({ minutes: 30 })
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', devices: { succeeded: 1 } })

    if (lost) await takeUp(lost)
    expect(activePackages([lost ?? [], other ?? []].flat())).toEqual(Array(2).fill(fleet.currentPackageId))
    await expectExactCounters(at(), fleet.operator.tenantId)
    expect(await rotation.show()).toMatchObject({ status: 'rolled_back', devices: { rolled_back: 1 } })
  })

  test('does not wait for a device that was not heard of for three days to retire the old policy', async () => {
    const fleet = await aFleet(at(), { size: 3, validation: 1 })
    const [, , silent] = fleet.devices
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    for (let wave = 0; wave < 2; wave++) {
      for (const device of fleet.devices) if (device !== silent) await takeUp(device)
      await at().pass({ minutes: 15 })
    }
    await at().pass({ hours: 1 })
    expect(await rotation.show()).toMatchObject({ status: 'decommissioning' })

    await setBack(at(), fleet, silent?.deviceId ?? '', 24)
    await at().pass({ hours: 2 })
    expect(await rotation.show()).toMatchObject({ status: 'completed', harmedDevices: 0, devices: { succeeded: 2 } })
    expect(silent && (await showDevice(fleet, silent.deviceId))).toMatchObject({ isUnreachable: true })

    if (silent) await takeUp(silent)
    expect(silent && activePackages([silent])).toEqual([fleet.nextPackageId])
    await expectExactCounters(at(), fleet.operator.tenantId)
  })

  test('has its policy to itself until it ends, when another one may follow', async () => {
    const fleet = await aFleet(at(), { size: 2, validation: 1 })
    const { operator } = fleet
    const first = await startRotation(at(), fleet)
    const request = { method: 'POST', path: '/v1/rotations', body: rotationRequest(fleet) }
    const before = await contentsBesidesKeys(at())
    for (const key of ['a', 'b']) {
      const answer = await operator.call({ ...request, headers: { 'idempotency-key': key } })
      expect(problemIn(answer)).toEqual({ status: 409, code: 'refused', pointers: [] })
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)

    for (const device of fleet.devices.slice(0, 1)) await takeUp(device)
    await first.act('abort')
    for (const device of fleet.devices) await takeUp(device)
    await at().pass({ minutes: 15 })
    const packageId = await addPackage(operator, 'Corrected')
    const body = rotationRequest(fleet, { packageId, waves: [{ percent: 100 }] })
    const { rotationId } = await operator.post('/v1/rotations', rotationShape, body)
    const second = rotationRun(at(), fleet, rotationId)
    for (const minutes of [15, 15, 15]) {
      await at().settle()
      for (const device of fleet.devices) await takeUp(device)
      await at().pass({ minutes })
    }

    expect(await second.show()).toMatchObject({ status: 'completed', devices: { succeeded: 2 } })
    expect(await first.show()).toMatchObject({ status: 'rolled_back', devices: { rolled_back: 1 } })
    expect(activePackages(fleet.devices)).toEqual(Array(2).fill(packageId))
  })
})
