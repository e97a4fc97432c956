import {
  type Device,
  type PolicyStatus,
  type RotationProgress,
  type SensorState,
  unreachableAfterHours,
} from './device.ts'
import type { EffectivePackage, EffectivePolicy } from './effective-policy.ts'
import { laterBy } from './instants.ts'
import { advanceProgress } from './rotation-progress.ts'

/** What a device says of itself when it checks in. */
export interface DeviceReport {
  /** Names the answer that the device holds; absent when it holds none. */
  readonly knownEtag?: string | undefined
  readonly osVersion?: string | undefined
  readonly lastRestartAt?: string | undefined
  /** The package in force. */
  readonly activePackageId?: string | undefined
  /** The package that takes effect at the next restart. */
  readonly pendingPackageId?: string | undefined
  readonly sensorState: SensorState
  readonly policyResults: readonly { readonly policyId: string; readonly status: 'succeeded' | 'error' }[]
}

export interface CheckIn {
  /** The device as it is to be stored, one revision on. */
  readonly device: Device
  /** Whether the device already holds the answer. */
  readonly isUnchanged: boolean
  /** The package whose content must go into the answer: the effective one, where the device does not hold it. */
  readonly packageToDeliver: { readonly policyId: string; readonly packageId: string } | undefined
}

/** What a check-in at `now` leaves of `device`, and what its answer must hold. */
export function checkIn(device: Device, effective: EffectivePolicy, report: DeviceReport, now: string): CheckIn {
  const packageToDeliver = missingPackage(effective.package, report)
  const heard = hear(device, effective, report, now)
  const delivered = packageToDeliver ? deliver(heard, packageToDeliver.packageId, now) : heard
  const progress = advanceProgress(delivered, effective, report, now)
  return {
    device: { ...delivered, progress, attentionAt: attentionAt(now, progress) },
    isUnchanged: report.knownEtag === effective.etag && !packageToDeliver,
    packageToDeliver,
  }
}

/** When the sweep must look at a device that was last heard of at `lastCheckInAt`. */
export function attentionAt(lastCheckInAt: string, progress: RotationProgress | undefined): string {
  const silentAt = laterBy(lastCheckInAt, { hours: unreachableAfterHours })
  const verifyByAt = progress?.state === 'verifying' ? progress.verifyByAt : undefined
  return verifyByAt && verifyByAt < silentAt ? verifyByAt : silentAt
}

function missingPackage(effective: EffectivePackage, report: DeviceReport) {
  if (effective.status !== 'effective') return undefined
  const { policyId, packageId } = effective
  const isHeld = report.activePackageId === packageId ? !report.pendingPackageId : report.pendingPackageId === packageId
  // A device whose active package is the right one drops a pending other one by itself when it reads the answer.
  return isHeld || report.activePackageId === packageId ? undefined : { policyId, packageId }
}

function hear(device: Device, effective: EffectivePolicy, report: DeviceReport, now: string): Device {
  const onboards = report.activePackageId !== undefined
  return {
    ...device,
    osVersion: report.osVersion ?? device.osVersion,
    lastCheckInAt: now,
    lastRestartAt: report.lastRestartAt ?? device.lastRestartAt,
    sensorState: report.sensorState,
    activePackageId: report.activePackageId,
    onboardingStatus: onboards ? 'onboarded' : effective.package.status === 'effective' ? 'pending' : 'notOnboarded',
    packagePolicyId: effective.package.status === 'effective' ? effective.package.policyId : undefined,
    policyStatuses: policyStatuses(effective, report),
    isUnreachable: false,
    revision: device.revision + 1,
  }
}

function deliver(device: Device, packageId: string, now: string): Device {
  if (device.deliveredPackageId === packageId) return device
  return { ...device, deliveredPackageId: packageId, deliveredAt: now }
}

function policyStatuses(effective: EffectivePolicy, report: DeviceReport): Record<string, PolicyStatus> {
  const conflicting = effective.package.status === 'conflict' ? effective.package.policyIds : []
  const source = effective.package.status === 'effective' ? effective.package : undefined
  const resultsByPolicy = new Map(report.policyResults.map(({ policyId, status }) => [policyId, status]))
  return Object.fromEntries(
    effective.policies.map(({ policyId }): [string, PolicyStatus] => {
      if (conflicting.includes(policyId)) return [policyId, 'conflict']
      const isPending = policyId === source?.policyId && report.activePackageId !== source.packageId
      return [policyId, isPending ? 'pending' : (resultsByPolicy.get(policyId) ?? 'pending')]
    }),
  )
}
