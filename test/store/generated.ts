import fc from 'fast-check'
import { type Device, progressStates, sensorStates } from '../../domain/device.ts'
import type { CohortGroup, StaticGroup } from '../../domain/group.ts'
import type { OnboardingPackage, SealedContent } from '../../domain/onboarding-package.ts'
import { type Assignment, type Policy, platforms } from '../../domain/policy.ts'
import {
  type GateDecision,
  type Rotation,
  type RotationWait,
  rotationStatuses,
  type Wave,
} from '../../domain/rotation.ts'
import { aRotation } from './records.ts'

const text = fc.string({ unit: 'binary', maxLength: 20 })
const count = fc.nat({ max: 1_000_000 })
const revision = fc.integer({ min: 1, max: 1_000_000 })
const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
const absent = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
/** Whatever JSON can say, with the numbers that DynamoDB keeps as they are. */
const facts = fc.jsonValue({ noUnicodeString: false }).filter((value) => !/e[+-]|-0\b/.test(JSON.stringify(value)))

/** Any id that no other record of a run has. */
const id = fc.uuid()

const assignments: fc.Arbitrary<Assignment[]> = fc.array(
  fc.record({
    groupId: text,
    intent: fc.constantFrom('include', 'exclude'),
    managedBy: fc.constantFrom('operator', 'rotation'),
  }),
  { maxLength: 3 },
)

export const policies = (tenantId: string): fc.Arbitrary<Policy> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    policyId: id,
    name: text,
    description: text,
    platform: fc.constantFrom(...platforms),
    profileId: text,
    settings: fc.array(fc.record({ settingDefinitionId: text, value: text }), { maxLength: 3 }),
    assignments,
    origin: fc.constantFrom('manual', 'preconfigured'),
    status: fc.constantFrom('active', 'decommissioned', 'withdrawn'),
    replacedByRotationId: absent(text),
    formerAssignments: absent(assignments),
    restorableUntilAt: absent(instant),
    createdAt: instant,
    updatedAt: instant,
    revision,
  })

export const staticGroups = (tenantId: string): fc.Arbitrary<StaticGroup> =>
  fc.record({
    kind: fc.constant('static'),
    tenantId: fc.constant(tenantId),
    groupId: id,
    name: text,
    description: text,
    memberCount: count,
    createdAt: instant,
    revision,
  })

export const cohorts = (tenantId: string): fc.Arbitrary<CohortGroup> =>
  fc.record({
    kind: fc.constant('cohort'),
    tenantId: fc.constant(tenantId),
    groupId: id,
    rotationId: text,
    scopePolicyId: text,
    validationGroupId: text,
    isOpen: fc.boolean(),
    threshold: count,
    waveThresholds: fc.array(count, { maxLength: 4 }),
    verificationMinutes: count,
    revision: fc.constant(1),
  })

export const packages = (tenantId: string): fc.Arbitrary<OnboardingPackage> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    packageId: id,
    name: text,
    kind: fc.constantFrom('onboard', 'offboard'),
    platform: fc.constant('windows'),
    organisationId: text,
    fingerprint: text,
    expiresAt: absent(instant),
    createdAt: instant,
  })

export const contents: fc.Arbitrary<SealedContent> = fc.record({
  sealedDataKey: text,
  initializationVector: text,
  ciphertext: text,
  authenticationTag: text,
})

export const devices = (tenantId: string): fc.Arbitrary<Device> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    deviceId: id,
    name: text,
    platform: fc.constantFrom(...platforms),
    osVersion: text,
    credentialDigest: text,
    enrolledAt: instant,
    lastCheckInAt: absent(instant),
    lastRestartAt: absent(instant),
    sensorState: fc.constantFrom(...sensorStates),
    onboardingStatus: fc.constantFrom('onboarded', 'notOnboarded', 'pending'),
    activePackageId: absent(text),
    deliveredPackageId: absent(text),
    deliveredAt: absent(instant),
    packagePolicyId: absent(text),
    policyStatuses: fc.dictionary(id, fc.constantFrom('pending', 'succeeded', 'error', 'conflict'), {
      noNullPrototype: true,
    }),
    progress: absent(
      fc.record({
        rotationId: text,
        wave: count,
        packageId: text,
        state: fc.constantFrom(...progressStates),
        sinceAt: instant,
        verifyByAt: absent(instant),
        verificationMinutes: count,
        isHarmed: fc.boolean(),
      }),
    ),
    isUnreachable: fc.boolean(),
    attentionAt: absent(instant),
    revision,
  })

export const rotations = (tenantId: string): fc.Arbitrary<Rotation> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    rotationId: id,
    name: text,
    oldPolicyId: fc.constant('policy-1'),
    packageId: text,
    newPolicyId: text,
    cohortGroupId: text,
    plan: fc.constant(aRotation({ tenantId }).plan),
    status: fc.constantFrom(...rotationStatuses),
    stateReason: text,
    currentWave: fc.integer({ min: -1, max: 20 }),
    approvedWaves: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
    pausedAt: absent(instant),
    lastActionId: absent(text),
    createdBy: text,
    createdAt: instant,
    endedAt: absent(instant),
    executionArn: text,
    revision,
  })

export const waves = (tenantId: string): fc.Arbitrary<Wave> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    rotationId: fc.constant('rotation-1'),
    wave: fc.constant(0),
    state: fc.constantFrom('active', 'promoted', 'aborted'),
    threshold: count,
    expectedDevices: count,
    enteredAt: instant,
    endedAt: absent(instant),
    pausedMinutes: count,
    executionArn: text,
  })

export const decisions = (tenantId: string): fc.Arbitrary<GateDecision> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    rotationId: id,
    decisionId: id,
    wave: count,
    decidedAt: instant,
    decision: fc.constantFrom('promote', 'hold', 'abort'),
    rule: text,
    message: text,
    remedy: text,
    facts,
    ruleSetDigest: text,
  })

export const waits = (tenantId: string): fc.Arbitrary<RotationWait> =>
  fc.record({
    tenantId: fc.constant(tenantId),
    rotationId: id,
    kind: fc.constantFrom('start', 'gate', 'decommission', 'rollback'),
    wave: count,
    taskToken: text,
    sinceAt: instant,
  })
