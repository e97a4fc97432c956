import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { newAgent, report } from '../../local/fleet/agent.ts'
import { addGroup, addPackage, addPolicy, aFleet, showDevice, type TestFleet, takeUp } from '../support/fleet.ts'
import { aPackage } from '../support/packages.ts'
import { expectExactCounters, storedCounters } from '../support/recount.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'
import type { ScriptedDevice } from '../support/scripted-device.ts'
import { contentsBesidesKeys, problemIn } from '../support/stage.ts'

const statuses = z.object({ devices: z.number(), statuses: z.record(z.string(), z.number()) })

describeWithRuntime('a device that checks in', (at) => {
  /** A fleet of no device yet, and one that has just enrolled. */
  const newcomer = async (): Promise<[TestFleet, ScriptedDevice]> => {
    const fleet = await aFleet(at())
    const [device] = await fleet.enrol(1)
    if (!device) throw new Error('No device was enrolled')
    return [fleet, device]
  }
  const summaryOf = async ({ operator, policyId }: TestFleet, id = policyId) => {
    await at().settle()
    return operator.get(`/v1/policies/${id}/statusSummary`, statuses)
  }

  test('is given its package once, which takes effect when it restarts and not before', async () => {
    const [fleet, device] = await newcomer()
    const { policyId, currentPackageId: packageId, operator } = fleet
    const content = aPackage({ seed: `${operator.tenantId}/Current` })

    expect(await device.checkIn()).toMatchObject({
      unchanged: false,
      onboardingPackage: { packageId, policyId, content },
    })
    expect(await showDevice(fleet, device.deviceId)).toMatchObject({ onboardingStatus: 'pending' })
    expect(await device.checkIn()).toEqual({ unchanged: true, etag: device.agent().etag, nextCheckInSeconds: 28_800 })
    expect(await summaryOf(fleet)).toMatchObject({ devices: 1, statuses: { pending: 1, succeeded: 0 } })

    device.restart()
    expect(await device.checkIn()).toMatchObject({ unchanged: true })
    expect(await showDevice(fleet, device.deviceId)).toMatchObject({
      onboardingStatus: 'onboarded',
      activePackageId: packageId,
      policyStatuses: { [policyId]: 'succeeded' },
    })
    expect(await summaryOf(fleet)).toMatchObject({ devices: 1, statuses: { pending: 0, succeeded: 1 } })
    await expectExactCounters(at(), operator.tenantId)
  })

  test('is given its package again while it does not hold it', async () => {
    const [, device] = await newcomer()
    for (const time of [1, 2]) {
      expect({ time, ...(await device.checkInWithoutAnswer()) }).toMatchObject({ onboardingPackage: expect.anything() })
    }
    await device.checkIn()
    expect(await device.checkIn()).toMatchObject({ unchanged: true })
  })

  test('changes nothing twice by saying the same twice, nor by losing the answer', async () => {
    const [fleet, device] = await newcomer()
    await takeUp(device)
    await addGroup(fleet.operator, [device])
    const known = async () => {
      await at().settle()
      const { policyStatuses, onboardingStatus } = await showDevice(fleet, device.deviceId)
      return { policyStatuses, onboardingStatus, counters: await storedCounters(at(), fleet.operator.tenantId) }
    }

    await device.checkInWithoutAnswer('reportsFailure')
    const before = await known()
    for (let time = 0; time < 3; time++) await device.checkInWithoutAnswer('reportsFailure')
    await Promise.all([1, 2, 3].map(() => device.checkInWithoutAnswer('reportsFailure')))
    expect(await known()).toEqual(before)
    await expectExactCounters(at(), fleet.operator.tenantId)
  })

  test('has no success to show before it restarted after it was given the new package', async () => {
    const fleet = await aFleet(at(), { size: 1, validation: 1 })
    const rotation = await startRotation(at(), fleet)
    const [device] = fleet.devices
    const before = device?.agent().lastRestartAt
    await at().pass({ minutes: 1 })
    await device?.checkIn()
    const claim = { sensorState: 'active', activePackageId: fleet.nextPackageId, lastRestartAt: before }
    const request = { method: 'POST', path: '/v1/device/check-ins', body: claim }
    expect(await at().api(`Device ${device?.credential}`).call(request)).toMatchObject({ status: 200 })
    await at().settle()
    expect(await rotation.show()).toMatchObject({ devices: { assigned: 1 } })

    device?.restart()
    await device?.checkIn()
    await at().settle()
    expect(await rotation.show()).toMatchObject({ devices: { succeeded: 1 } })
  })

  test('is counted by the result of each policy', async () => {
    const [fleet, device] = await newcomer()
    const groupId = await addGroup(fleet.operator, [device])
    const twin = await addPolicy(fleet.operator, fleet.currentPackageId, [groupId])
    const [source = '', other = ''] = [fleet.policyId, twin].sort()
    await takeUp(device, 'reportsFailure')

    expect(await summaryOf(fleet, source)).toMatchObject({ devices: 1, statuses: { error: 1 } })
    expect(await summaryOf(fleet, other)).toMatchObject({ devices: 0, statuses: { error: 1 } })
    await expectExactCounters(at(), fleet.operator.tenantId)
  })

  test('is given neither of two packages that contradict each other, and keeps what it has', async () => {
    const fleet = await aFleet(at(), { size: 2 })
    const { operator, devices, policyId, nextPackageId, currentPackageId } = fleet
    const groupId = await addGroup(operator, devices.slice(0, 1))
    const rival = await addPolicy(operator, nextPackageId, [groupId])
    const [torn, other] = devices

    const answer = await torn?.checkIn()
    expect(answer).toMatchObject({ unchanged: false })
    expect(answer).not.toHaveProperty('onboardingPackage')
    torn?.restart()
    await torn?.checkIn()
    await other?.checkIn()
    expect(torn?.agent().activePackageId).toBe(currentPackageId)
    expect(torn && (await showDevice(fleet, torn.deviceId))).toMatchObject({
      effective: { package: { status: 'conflict', policyIds: [policyId, rival].sort() } },
      policyStatuses: { [policyId]: 'conflict', [rival]: 'conflict' },
    })
    expect(await summaryOf(fleet)).toMatchObject({ devices: 1, statuses: { conflict: 1, succeeded: 1 } })
    expect(await summaryOf(fleet, rival)).toMatchObject({ devices: 0, statuses: { conflict: 1 } })
    await expectExactCounters(at(), operator.tenantId)
  })

  test('is answered anew when what applies to it changes', async () => {
    const [fleet, device] = await newcomer()
    await takeUp(device)
    const packageId = await addPackage(fleet.operator, 'Other')
    const groupId = await addGroup(fleet.operator, [device])
    expect(await device.checkIn()).toMatchObject({ unchanged: true })

    const path = `/v1/policies/${fleet.policyId}/assignments`
    const body = {
      assignments: [
        { groupId: 'allDevices', intent: 'include' },
        { groupId, intent: 'exclude' },
      ],
    }
    await fleet.operator.call({ method: 'PUT', path, body, headers: { 'if-match': '*' } })
    expect(await device.checkIn()).toMatchObject({ unchanged: false, policies: [] })
    const policyId = await addPolicy(fleet.operator, packageId, [groupId])
    expect(await device.checkIn()).toMatchObject({ onboardingPackage: { packageId, policyId } })
    await expectExactCounters(at(), fleet.operator.tenantId)
  })

  test.each([
    ['/sensorState', { sensorState: 'happy' }],
    ['/lastRestartAt', { lastRestartAt: 'yesterday' }],
    ['/policyResults/0/status', { policyResults: [{ policyId: 'p', status: 'maybe' }] }],
    ['', { deviceId: 'another' }],
  ])('must report what a device can report: %s', async (pointer, changes) => {
    const [, device] = await newcomer()
    const before = await contentsBesidesKeys(at())
    const body = { ...report(newAgent, 'works'), ...changes }
    const answer = await at()
      .api(`Device ${device.credential}`)
      .call({ method: 'POST', path: '/v1/device/check-ins', body })

    expect(problemIn(answer)).toEqual({ status: 400, code: 'invalid_request', pointers: [pointer] })
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })
})
