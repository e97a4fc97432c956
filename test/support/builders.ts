import type { Configuration } from '../../domain/configuration.ts'
import type { Device } from '../../domain/device.ts'
import { allDevices, type CohortGroup } from '../../domain/group.ts'
import type { Policy } from '../../domain/policy.ts'
import { withPackage } from '../../domain/profiles/windows-edr.ts'
import type { Rotation, Wave } from '../../domain/rotation.ts'
import { anOnboardingPackage } from './packages.ts'

export const noon = '2026-03-02T12:00:00.000Z'

/** A Windows EDR policy that gives every device the package 'current'. */
export function aPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    tenantId: 'contoso',
    policyId: 'old',
    name: 'Windows EDR',
    description: '',
    platform: 'windows',
    profileId: 'windows-edr',
    settings: withPackage([], 'current'),
    assignments: [{ groupId: allDevices, intent: 'include', managedBy: 'operator' }],
    origin: 'manual',
    status: 'active',
    createdAt: noon,
    updatedAt: noon,
    revision: 1,
    ...changes,
  }
}

/** A rotation of 'old' to the package 'next' in three waves after the validation wave. */
export function aRotation(changes: Partial<Rotation> = {}): Rotation {
  return {
    tenantId: 'contoso',
    rotationId: 'spring',
    name: 'Spring',
    oldPolicyId: 'old',
    packageId: 'next',
    newPolicyId: 'new',
    cohortGroupId: 'cohort',
    plan: {
      validationGroupId: 'pilots',
      waves: [{ percent: 5 }, { count: 200 }, { percent: 100 }],
      gate: {
        soakMinutes: 1440,
        minOutcomePercent: 40,
        minReachedPercent: 80,
        verificationMinutes: 960,
        baselineFailureRate: 0.002,
        falseAbortProbability: 0.01,
        approval: 'none',
      },
      rollbackHours: 72,
      restorableHours: 72,
    },
    status: 'running',
    stateReason: '',
    currentWave: 0,
    approvedWaves: [],
    createdBy: 'ada',
    createdAt: noon,
    executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:PayloadRotation:spring',
    revision: 1,
    ...changes,
  }
}

export function aWave(changes: Partial<Wave> = {}): Wave {
  return {
    tenantId: 'contoso',
    rotationId: 'spring',
    wave: 0,
    state: 'active',
    threshold: 0,
    expectedDevices: 10,
    enteredAt: noon,
    pausedMinutes: 0,
    executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:RotationWave:spring-wave-0',
    ...changes,
  }
}

/** An open cohort of the validation group alone. */
export function aCohort(changes: Partial<CohortGroup> = {}): CohortGroup {
  return {
    kind: 'cohort',
    tenantId: 'contoso',
    groupId: 'cohort',
    rotationId: 'spring',
    scopePolicyId: 'old',
    validationGroupId: 'pilots',
    isOpen: true,
    threshold: 0,
    waveThresholds: [0],
    verificationMinutes: 960,
    revision: 1,
    ...changes,
  }
}

export function aDevice(changes: Partial<Device> = {}): Device {
  return {
    tenantId: 'contoso',
    deviceId: 'laptop',
    name: 'laptop',
    platform: 'windows',
    osVersion: '10.0.26100.1742',
    credentialDigest: 'digest',
    enrolledAt: noon,
    sensorState: 'unknown',
    onboardingStatus: 'notOnboarded',
    policyStatuses: {},
    isUnreachable: false,
    revision: 1,
    ...changes,
  }
}

/** A configuration with the packages 'current' and 'next', which differ. */
export function aConfiguration(changes: Partial<Configuration> = {}): Configuration {
  return {
    tenantId: 'contoso',
    revision: 1,
    policies: [aPolicy()],
    groups: [],
    packages: [
      anOnboardingPackage({ packageId: 'current', fingerprint: 'c' }),
      anOnboardingPackage({ packageId: 'next', fingerprint: 'n' }),
    ],
    ...changes,
  }
}
