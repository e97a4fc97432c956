import type { CohortGroup } from './group.ts'
import { laterBy } from './instants.ts'
import type { OnboardingPackage } from './onboarding-package.ts'
import { type Assignment, operatorAssignments, type Policy } from './policy.ts'
import { withPackage } from './profiles/windows-edr.ts'
import type { Rotation, Wave } from './rotation.ts'
import { expectedDevices, waveThreshold } from './wave-plan.ts'

/**
 * The steps of a rotation: each takes what is stored and gives what must be stored next, all of it in one transaction.
 *
 * Between any two steps every device in the old policy's scope has exactly one of the two policies.
 */

/** The new policy, a closed cohort, and the old policy with the cohort excluded: nobody has moved yet. */
export function prepare(rotation: Rotation, oldPolicy: Policy, onboarding: OnboardingPackage, now: string) {
  const { tenantId, rotationId, cohortGroupId: groupId, plan } = rotation
  const cohort: CohortGroup = {
    kind: 'cohort',
    tenantId,
    groupId,
    rotationId,
    scopePolicyId: oldPolicy.policyId,
    validationGroupId: plan.validationGroupId,
    isOpen: false,
    threshold: 0,
    waveThresholds: [],
    verificationMinutes: plan.gate.verificationMinutes,
    revision: 1,
  }
  const newPolicy: Policy = {
    tenantId,
    policyId: rotation.newPolicyId,
    name: `${oldPolicy.name} (${onboarding.name})`.slice(0, 200),
    description: `Replaces '${oldPolicy.name}' by rotation '${rotation.name}'`.slice(0, 1000),
    platform: oldPolicy.platform,
    profileId: oldPolicy.profileId,
    settings: withPackage(oldPolicy.settings, onboarding.packageId),
    assignments: [{ groupId, intent: 'include', managedBy: 'rotation' }],
    origin: 'manual',
    status: 'active',
    createdAt: now,
    updatedAt: now,
    revision: 1,
  }
  const exclusion: Assignment = { groupId, intent: 'exclude', managedBy: 'rotation' }
  return {
    rotation: next(rotation, { status: 'running', stateReason: 'Preparing the validation wave' }),
    oldPolicy: next(oldPolicy, { assignments: [...oldPolicy.assignments, exclusion], updatedAt: now }),
    newPolicy,
    cohort,
  }
}

export interface WaveEntry {
  readonly rotation: Rotation
  readonly cohort: CohortGroup
  readonly wave: number
  /** Reachable devices that either policy gives its package to, as counted. */
  readonly scopeDevices: number
  readonly validationDevices: number
  readonly executionArn: string
  readonly now: string
}

/** The cohort raised to a wave. However many devices it moves, three records change. */
export function enterWave({ rotation, cohort, wave, scopeDevices, validationDevices, executionArn, now }: WaveEntry) {
  const { tenantId, rotationId, plan } = rotation
  const target = plan.waves[wave - 1]
  const previousThreshold = cohort.threshold
  const threshold = target ? waveThreshold({ target, scopeDevices, previousThreshold }) : 0
  // Wherever their buckets lie, the validation devices are in the cohort already.
  const newcomers = { threshold, previousThreshold, scopeDevices: Math.max(0, scopeDevices - validationDevices) }
  const expected = target ? expectedDevices(newcomers) : validationDevices
  const entered: Wave = {
    tenantId,
    rotationId,
    wave,
    state: 'active',
    threshold,
    expectedDevices: expected,
    enteredAt: now,
    pausedMinutes: 0,
    executionArn,
  }
  return {
    rotation: next(rotation, { currentWave: wave, stateReason: `Wave ${wave} is being watched` }),
    cohort: next(cohort, { isOpen: true, threshold, waveThresholds: [...cohort.waveThresholds, threshold] }),
    wave: entered,
  }
}

/** The new policy takes over the old one's assignments, which a cohort of 100 percent has emptied already. */
export function decommission(rotation: Rotation, oldPolicy: Policy, newPolicy: Policy, now: string) {
  const kept = operatorAssignments(oldPolicy)
  return {
    rotation: next(rotation, {
      status: 'completed',
      stateReason: 'Every device in scope has the new package assigned, and the old policy is decommissioned',
      endedAt: now,
    }),
    oldPolicy: next(oldPolicy, {
      status: 'decommissioned',
      assignments: [],
      formerAssignments: kept,
      restorableUntilAt: laterBy(now, { hours: rotation.plan.restorableHours }),
      replacedByRotationId: undefined,
      updatedAt: now,
    }),
    newPolicy: next(newPolicy, { assignments: kept, updatedAt: now }),
  }
}

/** The old policy has its devices back at once: those that have not restarted never change. */
export function rollBack(rotation: Rotation, oldPolicy: Policy, newPolicy: Policy | undefined, now: string) {
  return {
    rotation: next(rotation, { status: 'rolling_back' }),
    oldPolicy: next(oldPolicy, { assignments: operatorAssignments(oldPolicy), updatedAt: now }),
    newPolicy: newPolicy && next(newPolicy, { status: 'withdrawn', assignments: [], updatedAt: now }),
  }
}

/** The end of a rotation that was rolled back; the old policy is free for another one. */
export function finish(rotation: Rotation, oldPolicy: Policy, now: string) {
  return {
    rotation: next(rotation, { status: 'rolled_back', endedAt: now }),
    oldPolicy: next(oldPolicy, { replacedByRotationId: undefined, updatedAt: now }),
  }
}

/** The record as it should be next, one revision on. */
export function next<Stored extends { readonly revision: number }>(stored: Stored, changes: Partial<Stored>): Stored {
  return { ...stored, ...changes, revision: stored.revision + 1 }
}
