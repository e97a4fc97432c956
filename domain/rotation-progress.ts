import type { DeviceReport } from './check-in.ts'
import type { Device, ProgressState, RotationProgress } from './device.ts'
import type { EffectivePolicy } from './effective-policy.ts'
import { laterBy } from './instants.ts'

const activatedStates: readonly ProgressState[] = ['verifying', 'succeeded', 'failed', 'unverified', 'rolled_back']

/**
 * Where a device stands within its rotation after a check-in; undefined where no rotation ever moved it.
 *
 * A payload takes effect at the restart after its delivery, so that only such a restart makes an activation; an outcome
 * is read from the device after it. `device` already holds what the report says of the device itself.
 */
export function advanceProgress(
  device: Device,
  effective: EffectivePolicy,
  report: DeviceReport,
  now: string,
): RotationProgress | undefined {
  const progress = joined(device, effective, now)
  if (!progress) return undefined
  const state = nextState(progress, device, effective, report, now)
  const isHarmed = progress.isHarmed || state === 'failed' || state === 'unverified'
  if (state === progress.state) return { ...progress, isHarmed }
  const verifyByAt =
    state === 'verifying' ? laterBy(now, { minutes: progress.verificationMinutes }) : progress.verifyByAt
  return { ...progress, state, sinceAt: now, verifyByAt, isHarmed }
}

/** The progress to go on from: a new one where a rotation takes the device up now. */
function joined(device: Device, effective: EffectivePolicy, now: string): RotationProgress | undefined {
  const { membership } = effective
  const isKnown = !membership || device.progress?.rotationId === membership.rotationId
  if (isKnown || effective.package.status !== 'effective') return device.progress
  return { ...membership, packageId: effective.package.packageId, state: 'assigned', sinceAt: now, isHarmed: false }
}

function nextState(
  progress: RotationProgress,
  device: Device,
  effective: EffectivePolicy,
  report: DeviceReport,
  now: string,
): ProgressState {
  const isWanted = effective.package.status === 'effective' && effective.package.packageId === progress.packageId
  if (isActivated(progress, device)) return outcome(progress, effective, report, now)
  if (!isWanted) return activatedStates.includes(progress.state) ? 'rolled_back' : 'retracted'
  return report.pendingPackageId === progress.packageId ? 'pending_restart' : 'assigned'
}

function isActivated(progress: RotationProgress, device: Device): boolean {
  if (device.activePackageId !== progress.packageId) return false
  if (activatedStates.includes(progress.state) || device.deliveredPackageId !== progress.packageId) return true
  return (device.lastRestartAt ?? '') >= (device.deliveredAt ?? '')
}

function outcome(
  progress: RotationProgress,
  effective: EffectivePolicy,
  report: DeviceReport,
  now: string,
): ProgressState {
  const carriers = effective.package.status === 'effective' ? [effective.package.policyId] : []
  const hasFailed = report.policyResults.some(
    ({ policyId, status }) => status === 'error' && carriers.includes(policyId),
  )
  if (hasFailed) return 'failed'
  if (report.sensorState === 'active' || progress.state === 'succeeded') return 'succeeded'
  if (progress.state !== 'verifying') return activatedStates.includes(progress.state) ? progress.state : 'verifying'
  return now >= (progress.verifyByAt ?? now) ? 'unverified' : 'verifying'
}
