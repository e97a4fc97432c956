import { createHash } from 'node:crypto'
import type { Configuration } from './configuration.ts'
import { allDevices, type CohortGroup, type Member, waveOf } from './group.ts'
import type { OnboardingPackage } from './onboarding-package.ts'
import { type Assignment, operatorAssignments, type Platform, type Policy } from './policy.ts'
import { packageSettingOf } from './profiles/windows-edr.ts'

/** What targeting needs to know about a device. */
export interface Target extends Member {
  readonly platform: Platform
}

/** Where a device's onboarding package comes from. */
export type EffectivePackage =
  | { readonly status: 'none' }
  | { readonly status: 'effective'; readonly policyId: string; readonly packageId: string }
  /** Policies with different packages reach the device: none is delivered, the device keeps what it has. */
  | { readonly status: 'conflict'; readonly policyIds: readonly string[] }

/** The rotation wave that a device belongs to. */
export interface Membership {
  readonly rotationId: string
  readonly wave: number
  readonly verificationMinutes: number
}

export interface EffectivePolicy {
  /** The policies that reach the device, by id. */
  readonly policies: readonly Policy[]
  readonly package: EffectivePackage
  readonly membership: Membership | undefined
  /** Names this answer: equal for two devices or instants exactly where the same policies and package apply. */
  readonly etag: string
}

/** A tenant's configuration, prepared for asking what applies to a device. */
export interface PolicyIndex {
  readonly revision: number
  effectivePolicy(target: Target): EffectivePolicy
}

/**
 * The index of a configuration.
 *
 * A policy reaches a device when one of its includes does and none of its excludes. A cohort reaches a device that the
 * operators' assignments of the policy being replaced reach, and that the rotation has moved; so a device in the scope
 * of a rotation has either the old or the new policy at every revision, never both and never neither.
 */
export function indexPolicies(configuration: Configuration): PolicyIndex {
  const policies = configuration.policies
    .filter(({ status }) => status === 'active')
    .sort((a, b) => (a.policyId < b.policyId ? -1 : 1))
  const cohorts = configuration.groups.filter((group) => group.kind === 'cohort')
  const packagesById = new Map(configuration.packages.map((one) => [one.packageId, one]))
  const policiesById = new Map(policies.map((one) => [one.policyId, one]))

  const effectivePolicy = (target: Target): EffectivePolicy => {
    const membershipsByCohort = cohortMemberships(cohorts, policiesById, target)
    const reaching = policies.filter(
      (policy) => policy.platform === target.platform && reaches(policy.assignments, target, membershipsByCohort),
    )
    const effectivePackage = packageOf(reaching, packagesById)
    const membership = [...membershipsByCohort.values()][0]
    return { policies: reaching, package: effectivePackage, membership, etag: etagOf(reaching, effectivePackage) }
  }
  return { revision: configuration.revision, effectivePolicy }
}

function cohortMemberships(
  cohorts: readonly CohortGroup[],
  policiesById: ReadonlyMap<string, Policy>,
  target: Target,
): ReadonlyMap<string, Membership> {
  const memberships = new Map<string, Membership>()
  for (const cohort of cohorts) {
    const replaced = policiesById.get(cohort.scopePolicyId)
    const wave = waveOf(cohort, target)
    if (wave === undefined || replaced?.platform !== target.platform) continue
    if (!reaches(operatorAssignments(replaced), target, memberships)) continue
    const { rotationId, verificationMinutes } = cohort
    memberships.set(cohort.groupId, { rotationId, wave, verificationMinutes })
  }
  return memberships
}

function reaches(
  assignments: readonly Assignment[],
  target: Target,
  membershipsByCohort: ReadonlyMap<string, Membership>,
): boolean {
  const isIn = (groupId: string) =>
    groupId === allDevices || target.groupIds.includes(groupId) || membershipsByCohort.has(groupId)
  const matching = assignments.filter(({ groupId }) => isIn(groupId))
  return matching.length > 0 && matching.every(({ intent }) => intent === 'include')
}

/** Equal packages are no conflict, whichever policies carry them; the first policy by id is named as their source. */
function packageOf(
  reaching: readonly Policy[],
  packagesById: ReadonlyMap<string, OnboardingPackage>,
): EffectivePackage {
  const sources = reaching.flatMap((policy) => {
    const onboarding = packagesById.get(packageSettingOf(policy)?.packageId ?? '')
    return onboarding ? [{ policyId: policy.policyId, onboarding }] : []
  })
  const [first] = sources
  if (!first) return { status: 'none' }
  const isUnanimous = sources.every(({ onboarding }) => onboarding.fingerprint === first.onboarding.fingerprint)
  if (!isUnanimous) return { status: 'conflict', policyIds: sources.map(({ policyId }) => policyId) }
  return { status: 'effective', policyId: first.policyId, packageId: first.onboarding.packageId }
}

/** Built from what a device would see change: settings, not names or assignments. */
function etagOf(reaching: readonly Policy[], effectivePackage: EffectivePackage): string {
  const seen = reaching.map(({ policyId, settings }) => [
    policyId,
    settings.map(({ settingDefinitionId, value }) => [settingDefinitionId, value]),
  ])
  return createHash('sha256')
    .update(JSON.stringify([seen, effectivePackage]))
    .digest('base64url')
    .slice(0, 22)
}
