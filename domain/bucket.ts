import { createHash } from 'node:crypto'

/** Buckets a rotation spreads devices over; a threshold of this many holds every device. */
export const bucketCount = 1_000_000

/**
 * The bucket of a device within a rotation: an integer from 0 to `bucketCount` - 1.
 *
 * The same device falls into unrelated buckets in different rotations, so that nobody is always first.
 */
export function bucket(rotationId: string, deviceId: string): number {
  const digest = createHash('sha256').update(`${rotationId}/${deviceId}`).digest()
  return digest.readUIntBE(0, 6) % bucketCount
}

/** The threshold below which `percent` percent of all buckets lie. */
export function thresholdOfPercent(percent: number): number {
  return Math.round((percent / 100) * bucketCount)
}
