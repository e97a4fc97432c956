import type { Device } from '../../domain/device.ts'
import type { CohortGroup, StaticGroup } from '../../domain/group.ts'
import type { Policy } from '../../domain/policy.ts'
import type { GateDecision, Rotation, RotationWait, Wave } from '../../domain/rotation.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Stores } from '../../store/stores.ts'

const createdAt = '2026-01-01T00:00:00.000Z'
let tenants = 0

/** A tenant that no other test uses, so that tests share a table and nothing else. */
export async function aTenant({ tenants: store }: Stores): Promise<string> {
  const tenant: Tenant = { tenantId: `tenant-${++tenants}`, name: 'Contoso', createdAt }
  await store.create(tenant)
  return tenant.tenantId
}

export function aPolicy(changes: Partial<Policy> & Pick<Policy, 'tenantId'>): Policy {
  return {
    policyId: 'policy-1',
    name: 'Policy 1',
    description: '',
    platform: 'windows',
    profileId: 'windows-edr',
    settings: [{ settingDefinitionId: 'package', value: 'package-1' }],
    assignments: [{ groupId: 'allDevices', intent: 'include', managedBy: 'operator' }],
    origin: 'manual',
    status: 'active',
    createdAt,
    updatedAt: createdAt,
    revision: 1,
    ...changes,
  }
}

export function aStaticGroup(changes: Partial<StaticGroup> & Pick<StaticGroup, 'tenantId'>): StaticGroup {
  return {
    kind: 'static',
    groupId: 'group-1',
    name: 'Group 1',
    description: '',
    memberCount: 0,
    createdAt,
    revision: 1,
    ...changes,
  }
}

export function aCohort(changes: Partial<CohortGroup> & Pick<CohortGroup, 'tenantId'>): CohortGroup {
  return {
    kind: 'cohort',
    groupId: 'cohort-1',
    rotationId: 'rotation-1',
    scopePolicyId: 'policy-1',
    validationGroupId: 'group-1',
    isOpen: false,
    threshold: 0,
    waveThresholds: [],
    verificationMinutes: 60,
    revision: 1,
    ...changes,
  }
}

export function aDevice(changes: Partial<Device> & Pick<Device, 'tenantId'>): Device {
  return {
    deviceId: 'device-1',
    name: 'Device 1',
    platform: 'windows',
    osVersion: '10.0.22631',
    credentialDigest: 'digest',
    enrolledAt: createdAt,
    sensorState: 'unknown',
    onboardingStatus: 'notOnboarded',
    policyStatuses: {},
    isUnreachable: false,
    revision: 1,
    ...changes,
  }
}

export function aRotation(changes: Partial<Rotation> & Pick<Rotation, 'tenantId'>): Rotation {
  return {
    rotationId: 'rotation-1',
    name: 'Rotation 1',
    oldPolicyId: 'policy-1',
    packageId: 'package-2',
    newPolicyId: 'policy-2',
    cohortGroupId: 'cohort-1',
    plan: {
      validationGroupId: 'group-1',
      waves: [{ percent: 10 }, { percent: 100 }],
      gate: {
        soakMinutes: 60,
        minOutcomePercent: 40,
        minReachedPercent: 50,
        verificationMinutes: 60,
        baselineFailureRate: 0.002,
        falseAbortProbability: 0.01,
        approval: 'none',
      },
      rollbackHours: 24,
      restorableHours: 72,
    },
    status: 'scheduled',
    stateReason: 'Waits for its start',
    currentWave: -1,
    approvedWaves: [],
    createdBy: 'operator',
    createdAt,
    executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:PayloadRotation:rotation-1',
    revision: 1,
    ...changes,
  }
}

export function aWave(changes: Partial<Wave> & Pick<Wave, 'tenantId'>): Wave {
  return {
    rotationId: 'rotation-1',
    wave: 0,
    state: 'active',
    threshold: 0,
    expectedDevices: 5,
    enteredAt: createdAt,
    pausedMinutes: 0,
    executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:RotationWave:rotation-1-0',
    ...changes,
  }
}

export function aDecision(changes: Partial<GateDecision> & Pick<GateDecision, 'tenantId'>): GateDecision {
  return {
    rotationId: 'rotation-1',
    decisionId: 'decision-1',
    wave: 0,
    decidedAt: createdAt,
    decision: 'hold',
    rule: 'hold-for-soak',
    message: 'The wave has not been watched for long enough',
    remedy: 'Wait',
    facts: { wave: { index: 0 } },
    ruleSetDigest: 'digest',
    ...changes,
  }
}

export function aWait(changes: Partial<RotationWait> & Pick<RotationWait, 'tenantId'>): RotationWait {
  return {
    rotationId: 'rotation-1',
    kind: 'gate',
    wave: 0,
    taskToken: 'token-1',
    sinceAt: createdAt,
    ...changes,
  }
}
