import type { Platform } from './policy.ts'

/** The sensor's health as the EDR service names it (`healthStatus` of its machine API). */
export const sensorStates = [
  'active',
  'inactive',
  'impairedCommunication',
  'noSensorData',
  'noSensorDataImpairedCommunication',
  'unknown',
] as const
export type SensorState = (typeof sensorStates)[number]

export type OnboardingStatus = 'onboarded' | 'notOnboarded' | 'pending'

/** Where a device stands within a rotation. Only succeeded, failed and unverified are outcomes. */
export const progressStates = [
  'assigned',
  'pending_restart',
  'verifying',
  'succeeded',
  'failed',
  'unverified',
  'unreachable',
  'retracted',
  'rolled_back',
] as const
export type ProgressState = (typeof progressStates)[number]

export interface RotationProgress {
  readonly rotationId: string
  readonly wave: number
  readonly packageId: string
  readonly state: ProgressState
  /** When the device came into this state. */
  readonly sinceAt: string
  /** The last moment at which a verifying device may still prove itself. */
  readonly verifyByAt?: string | undefined
  readonly verificationMinutes: number
  /** Set once the device has failed or stayed unverified, and kept when it recovers. */
  readonly isHarmed: boolean
}

export interface Device {
  readonly tenantId: string
  readonly deviceId: string
  readonly name: string
  readonly platform: Platform
  readonly osVersion: string
  /** SHA-256 of the device's credential, base64url. */
  readonly credentialDigest: string
  readonly enrolledAt: string
  readonly lastCheckInAt?: string | undefined
  readonly lastRestartAt?: string | undefined
  readonly sensorState: SensorState
  readonly onboardingStatus: OnboardingStatus
  /** The package in force on the device, as it last reported. */
  readonly activePackageId?: string | undefined
  /** The package that was last sent to it, when first. */
  readonly deliveredPackageId?: string | undefined
  readonly deliveredAt?: string | undefined
  /** The policy that its package came from at the last check-in. */
  readonly packagePolicyId?: string | undefined
  /** The last known status of each policy that applies. */
  readonly policyStatuses: Readonly<Record<string, PolicyStatus>>
  readonly progress?: RotationProgress | undefined
  /** Not heard of for `unreachableAfterHours`. */
  readonly isUnreachable: boolean
  /** When the sweep must look at the device if nothing is heard of it. */
  readonly attentionAt?: string | undefined
  readonly revision: number
}

export type PolicyStatus = 'pending' | 'succeeded' | 'error' | 'conflict'

/**
 * How long a device may be silent before it counts as unreachable: three check-ins missed.
 *
 * A last check-in of more than a day ago means that something is wrong:
 * https://learn.microsoft.com/en-us/troubleshoot/mem/intune/device-configuration/troubleshoot-policies-in-microsoft-intune
 */
export const unreachableAfterHours = 24
