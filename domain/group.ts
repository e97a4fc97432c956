import { bucket } from './bucket.ts'

/** The virtual group that every device of a tenant is in. */
export const allDevices = 'allDevices'

/** A group whose members are listed one by one. */
export interface StaticGroup {
  readonly kind: 'static'
  readonly tenantId: string
  readonly groupId: string
  readonly name: string
  readonly description: string
  readonly memberCount: number
  readonly createdAt: string
  readonly revision: number
}

/**
 * The group of devices that a rotation has moved.
 *
 * Members are computed, not listed: raising `threshold` moves any number of devices in one write.
 */
export interface CohortGroup {
  readonly kind: 'cohort'
  readonly tenantId: string
  readonly groupId: string
  readonly rotationId: string
  /** The policy being replaced: only devices that its other assignments reach can be members. */
  readonly scopePolicyId: string
  readonly validationGroupId: string
  /** A closed cohort has no members. */
  readonly isOpen: boolean
  /** Devices whose bucket is below it are members. */
  readonly threshold: number
  /** The threshold of each wave entered so far; the validation wave's is 0. */
  readonly waveThresholds: readonly number[]
  /** How long after its restart a device may stay silent before it counts as unverified. */
  readonly verificationMinutes: number
  readonly revision: number
}

export type Group = StaticGroup | CohortGroup

/** What membership depends on. */
export interface Member {
  readonly deviceId: string
  readonly groupIds: readonly string[]
}

/**
 * The wave that brought a device into the cohort, the validation wave being 0; undefined where the device is not in it.
 *
 * Source of the rule: a device is a member when it is in the validation group or its bucket is below the threshold.
 */
export function waveOf(cohort: CohortGroup, device: Member): number | undefined {
  if (!cohort.isOpen) return undefined
  if (device.groupIds.includes(cohort.validationGroupId)) return 0
  const place = bucket(cohort.rotationId, device.deviceId)
  if (place >= cohort.threshold) return undefined
  const wave = cohort.waveThresholds.findIndex((threshold) => place < threshold)
  return wave < 0 ? undefined : wave
}
