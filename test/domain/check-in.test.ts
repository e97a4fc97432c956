import { describe, expect, test } from '@jest/globals'
import { checkIn, type DeviceReport } from '../../domain/check-in.ts'
import type { Device } from '../../domain/device.ts'
import { indexPolicies } from '../../domain/effective-policy.ts'
import { allDevices } from '../../domain/group.ts'
import { laterBy } from '../../domain/instants.ts'
import { withPackage } from '../../domain/profiles/windows-edr.ts'
import { sweepDevice } from '../../domain/sweep-device.ts'
import { aCohort, aConfiguration, aDevice, aPolicy, noon } from '../support/builders.ts'

const inclusion = { groupId: 'cohort', intent: 'include', managedBy: 'rotation' } as const
const exclusion = { groupId: 'cohort', intent: 'exclude', managedBy: 'rotation' } as const
const everybody = { groupId: allDevices, intent: 'include', managedBy: 'operator' } as const

/** What applies to a pilot while the rotation has moved the pilots. */
const moved = applied(
  aConfiguration({
    policies: [
      aPolicy({ assignments: [everybody, exclusion] }),
      aPolicy({ policyId: 'new', settings: withPackage([], 'next'), assignments: [inclusion] }),
    ],
    groups: [aCohort()],
  }),
)
/** What applies to the same device before the rotation, and after it was rolled back. */
const unmoved = applied(aConfiguration())

const onOld: Device = aDevice({ activePackageId: 'current', deliveredPackageId: 'current', deliveredAt: noon })
const at = (hours: number) => laterBy(noon, { hours })

function applied(configuration: Parameters<typeof indexPolicies>[0]) {
  return indexPolicies(configuration).effectivePolicy({ deviceId: 'laptop', platform: 'windows', groupIds: ['pilots'] })
}

function report(changes: Partial<DeviceReport> = {}): DeviceReport {
  return { sensorState: 'active', activePackageId: 'current', policyResults: [], ...changes }
}

/** A device that got the new package at one hour and restarted at three. */
function restarted(changes: Partial<DeviceReport> = {}) {
  const assigned = checkIn(onOld, moved, report(), at(1)).device
  return checkIn(assigned, moved, report({ activePackageId: 'next', lastRestartAt: at(3), ...changes }), at(4)).device
}

describe('delivery', () => {
  test('sends the package to a device that does not hold it', () => {
    expect(checkIn(onOld, moved, report(), at(1)).packageToDeliver).toEqual({ policyId: 'new', packageId: 'next' })
  })

  test('sends nothing to a device that holds it already and knows the answer', () => {
    const known = report({ pendingPackageId: 'next', knownEtag: moved.etag })

    expect(checkIn(onOld, moved, known, at(1))).toMatchObject({ isUnchanged: true, packageToDeliver: undefined })
  })

  test('sends the package again where the answer was lost, and does not say unchanged', () => {
    const claims = report({ knownEtag: moved.etag })

    expect(checkIn(onOld, moved, claims, at(1))).toMatchObject({
      isUnchanged: false,
      packageToDeliver: { packageId: 'next' },
    })
  })

  test('delivers nothing where policies with different packages reach the device', () => {
    const clash = applied(
      aConfiguration({ policies: [aPolicy(), aPolicy({ policyId: 'b', settings: withPackage([], 'next') })] }),
    )
    const { device, packageToDeliver } = checkIn(onOld, clash, report(), at(1))

    expect(packageToDeliver).toBeUndefined()
    expect(device.policyStatuses).toEqual({ old: 'conflict', b: 'conflict' })
  })
})

describe('progress within a rotation', () => {
  test('starts as assigned, and waits for the restart once the device has confirmed the package', () => {
    const assigned = checkIn(onOld, moved, report(), at(1)).device
    const confirmed = checkIn(assigned, moved, report({ pendingPackageId: 'next' }), at(2)).device

    expect(assigned.progress).toMatchObject({ rotationId: 'spring', wave: 0, state: 'assigned' })
    expect(confirmed.progress?.state).toBe('pending_restart')
  })

  test('never takes a package for active before a restart after its delivery', () => {
    const assigned = checkIn(onOld, moved, report(), at(1)).device
    const claims = report({ activePackageId: 'next', lastRestartAt: at(0.5) })

    expect(checkIn(assigned, moved, claims, at(2)).device.progress?.state).toBe('assigned')
  })

  test('succeeds with an active sensor after the restart', () => {
    expect(restarted().progress).toMatchObject({ state: 'succeeded', isHarmed: false })
  })

  test('fails where the policy that carries the package is reported in error', () => {
    expect(restarted({ policyResults: [{ policyId: 'new', status: 'error' }] }).progress).toMatchObject({
      state: 'failed',
      isHarmed: true,
    })
  })

  test('does not fail for the error of another policy', () => {
    expect(restarted({ policyResults: [{ policyId: 'old', status: 'error' }] }).progress?.state).toBe('succeeded')
  })

  test('is unverified when the sensor stays silent past the deadline, and succeeds when it is heard after all', () => {
    const silent = { activePackageId: 'next', lastRestartAt: at(3), sensorState: 'unknown' } as const
    const verifying = restarted(silent)
    const unverified = checkIn(verifying, moved, report(silent), at(4 + 16)).device
    const recovered = checkIn(unverified, moved, report({ ...silent, sensorState: 'active' }), at(24)).device

    expect([verifying, unverified, recovered].map(({ progress }) => progress?.state)).toEqual([
      'verifying',
      'unverified',
      'succeeded',
    ])
    expect(recovered.progress?.isHarmed).toBe(true)
  })

  test('stays succeeded when the sensor is silent for a while later', () => {
    const later = report({ activePackageId: 'next', lastRestartAt: at(3), sensorState: 'unknown' })

    expect(checkIn(restarted(), moved, later, at(40)).device.progress?.state).toBe('succeeded')
  })
})

describe('after a roll back', () => {
  test('a device that had not restarted is retracted, and is told to drop the pending package', () => {
    const assigned = checkIn(onOld, moved, report(), at(1)).device
    const back = checkIn(assigned, unmoved, report({ pendingPackageId: 'next', knownEtag: moved.etag }), at(2))

    expect(back.device.progress?.state).toBe('retracted')
    expect(back).toMatchObject({ isUnchanged: false, packageToDeliver: undefined })
  })

  test('a device that had restarted keeps its outcome until it is back on the old package', () => {
    const told = checkIn(restarted(), unmoved, report({ activePackageId: 'next', lastRestartAt: at(3) }), at(5))
    const back = checkIn(told.device, unmoved, report({ lastRestartAt: at(6) }), at(7)).device

    expect(told.packageToDeliver).toEqual({ policyId: 'old', packageId: 'current' })
    expect(told.device.progress?.state).toBe('succeeded')
    expect(back.progress?.state).toBe('rolled_back')
  })

  test('a device that restarted between the abort and its check-in is not taken for retracted', () => {
    const assigned = checkIn(onOld, moved, report(), at(1)).device
    const harmed = report({ activePackageId: 'next', lastRestartAt: at(1.5), sensorState: 'noSensorData' })

    expect(checkIn(assigned, unmoved, harmed, at(2)).device.progress?.state).toBe('verifying')
  })
})

describe('silence', () => {
  test('is nothing to look at before its deadline', () => {
    expect(sweepDevice(checkIn(onOld, moved, report(), at(1)).device, at(24))).toBeUndefined()
  })

  test('makes a waiting device unreachable after a day, until it is heard of again', () => {
    const assigned = checkIn(onOld, moved, report(), at(1)).device
    const swept = sweepDevice(assigned, at(25))
    const heard = checkIn(swept ?? assigned, moved, report({ pendingPackageId: 'next' }), at(80)).device

    expect(swept).toMatchObject({ isUnreachable: true, attentionAt: undefined, progress: { state: 'unreachable' } })
    expect(heard).toMatchObject({ isUnreachable: false, progress: { state: 'pending_restart' } })
  })

  test('makes a verifying device unverified at its deadline, long before it is unreachable', () => {
    const verifying = restarted({ sensorState: 'unknown' })

    expect(verifying.attentionAt).toBe(at(20))
    expect(sweepDevice(verifying, at(20))).toMatchObject({
      isUnreachable: false,
      attentionAt: at(28),
      progress: { state: 'unverified', isHarmed: true },
    })
  })

  test('leaves outcomes as they are', () => {
    expect(sweepDevice(restarted(), at(100))).toMatchObject({ isUnreachable: true, progress: { state: 'succeeded' } })
  })
})
