import { NotFoundError, RefusedError, refuseAny, type Violation } from '../domain/errors.ts'
import { allDevices, type Group } from '../domain/group.ts'
import type { OnboardingPackage } from '../domain/onboarding-package.ts'
import type { Policy } from '../domain/policy.ts'
import { packageSettingOf } from '../domain/profiles/windows-edr.ts'
import type { Rotation, RotationPlan } from '../domain/rotation.ts'
import { validateWaves } from '../domain/wave-plan.ts'
import type { App } from './app.ts'

/** What an operator asks for. */
export interface RotationDraft {
  readonly name: string
  readonly oldPolicyId: string
  readonly packageId: string
  readonly plan: RotationPlan
}

interface Identity {
  readonly tenantId: string
  readonly rotationId: string
  readonly createdBy: string
}

/** The rotation that a draft asks for, not stored yet. Throws InvalidInputError that names what is wrong with it. */
export async function plannedRotation(draft: RotationDraft, identity: Identity, app: App): Promise<Rotation> {
  const { policies, groups, packages } = await app.configurations.load(identity.tenantId)
  const policy = policies.find(({ policyId }) => policyId === draft.oldPolicyId)
  const onboarding = packages.find(({ packageId }) => packageId === draft.packageId)
  const violations = [
    ...checkPolicy(draft.oldPolicyId, policy),
    ...checkPackage(draft.packageId, onboarding, policy, packages),
    ...checkValidationGroup(draft.plan.validationGroupId, groups),
    ...validateWaves(draft.plan.waves),
  ]
  refuseAny(violations)
  if (policy?.replacedByRotationId && policy.replacedByRotationId !== identity.rotationId) {
    throw new RefusedError(
      `Rotation '${policy.replacedByRotationId}' replaces policy '${policy.policyId}' now; end it first`,
    )
  }
  const { rotationId } = identity
  return {
    ...identity,
    ...draft,
    newPolicyId: `${rotationId}-policy`,
    cohortGroupId: `${rotationId}-cohort`,
    status: 'scheduled',
    stateReason: 'About to start',
    currentWave: -1,
    approvedWaves: [],
    createdAt: app.now(),
    executionArn: app.executions.arnFor(rotationId),
    revision: 1,
  }
}

/**
 * Keeps the rotation that a draft asks for and starts its execution; both once, however often it is asked for. Where
 * it was asked for before, the draft is not looked at: by now its rotation may have made it impossible itself.
 */
export async function startRotation(draft: RotationDraft, identity: Identity, app: App): Promise<Rotation> {
  const { tenantId, rotationId } = identity
  const known = await app.rotations.get(tenantId, rotationId).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error
  })
  if (!known) await app.rotations.create(await plannedRotation(draft, identity, app))
  await app.executions.start(identity)
  app.log.info('rotation started', { tenantId, rotationId })
  return app.rotations.get(tenantId, rotationId)
}

function checkPolicy(policyId: string, policy: Policy | undefined): Violation[] {
  const pointer = '/oldPolicyId'
  if (!policy) return [{ pointer, detail: `There is no policy '${policyId}'` }]
  if (policy.status !== 'active')
    return [{ pointer, detail: `Policy '${policyId}' is ${policy.status}; expected an active one` }]
  if (packageSettingOf(policy)) return []
  return [{ pointer, detail: `Policy '${policyId}' carries no onboarding package; there is nothing to rotate` }]
}

function checkPackage(
  packageId: string,
  onboarding: OnboardingPackage | undefined,
  policy: Policy | undefined,
  packages: readonly OnboardingPackage[],
): Violation[] {
  const pointer = '/packageId'
  if (!onboarding) return [{ pointer, detail: `There is no package '${packageId}'` }]
  if (onboarding.kind !== 'onboard')
    return [{ pointer, detail: `Package '${packageId}' offboards devices; expected an onboarding one` }]
  const currentId = policy && packageSettingOf(policy)?.packageId
  const current = packages.find((each) => each.packageId === currentId)
  if (current?.fingerprint === onboarding.fingerprint) {
    return [{ pointer, detail: `Package '${packageId}' has the content that the policy carries already` }]
  }
  if (!current || current.organisationId === onboarding.organisationId) return []
  const detail = `Package '${packageId}' is of organisation '${onboarding.organisationId}', the policy's of '${current.organisationId}'; devices must be offboarded to change organisations`
  return [{ pointer, detail }]
}

function checkValidationGroup(groupId: string, groups: readonly Group[]): Violation[] {
  const pointer = '/validationGroupId'
  const group = groups.find((each) => each.groupId === groupId)
  if (groupId === allDevices)
    return [{ pointer, detail: `'${allDevices}' is no group to validate on; expected a small static one` }]
  if (group?.kind !== 'static') return [{ pointer, detail: `There is no static group '${groupId}'` }]
  return group.memberCount > 0
    ? []
    : [{ pointer, detail: `Group '${groupId}' has no members; add devices to validate on` }]
}
