import { attentionAt } from './check-in.ts'
import { type Device, type RotationProgress, unreachableAfterHours } from './device.ts'
import { laterBy } from './instants.ts'

/**
 * What silence makes of a device at `now`, one revision on; undefined where nothing is due.
 *
 * A verifying device whose deadline has passed is unverified, which counts as a failure; one that was not heard of for
 * `unreachableAfterHours` is unreachable, which counts as nothing.
 */
export function sweepDevice(device: Device, now: string): Device | undefined {
  if (!device.attentionAt || device.attentionAt > now) return undefined
  const lastHeardAt = device.lastCheckInAt ?? device.enrolledAt
  const isUnreachable = laterBy(lastHeardAt, { hours: unreachableAfterHours }) <= now
  const progress = device.progress && sweepProgress(device.progress, isUnreachable, now)
  return {
    ...device,
    isUnreachable,
    progress,
    attentionAt:
      isUnreachable && progress?.state !== 'verifying'
        ? undefined
        : nextAttention(lastHeardAt, progress, isUnreachable),
    revision: device.revision + 1,
  }
}

function sweepProgress(progress: RotationProgress, isUnreachable: boolean, now: string): RotationProgress {
  if (progress.state === 'verifying') {
    const isOverdue = (progress.verifyByAt ?? now) <= now
    return isOverdue ? { ...progress, state: 'unverified', sinceAt: now, isHarmed: true } : progress
  }
  const isWaiting = progress.state === 'assigned' || progress.state === 'pending_restart'
  return isUnreachable && isWaiting ? { ...progress, state: 'unreachable', sinceAt: now } : progress
}

function nextAttention(
  lastHeardAt: string,
  progress: RotationProgress | undefined,
  isUnreachable: boolean,
): string | undefined {
  return isUnreachable ? progress?.verifyByAt : attentionAt(lastHeardAt, progress)
}
