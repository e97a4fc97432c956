import { packageSettingOf } from '../../domain/profiles/windows-edr.ts'
import type { CheckInAnswer, CheckInReport } from './device-api.ts'
import type { PackageOutcome } from './package-failure.ts'

/** What the agent on a device holds; it outlives a restart. */
export interface Agent {
  /** The package in force. */
  readonly activePackageId?: string | undefined
  /** The package that takes effect with the next restart. */
  readonly pendingPackageId?: string | undefined
  /** The package that it was last told to have. */
  readonly wantedPackageId?: string | undefined
  /** Names the answer that it last received. */
  readonly etag?: string | undefined
  readonly policies: readonly AppliedPolicy[]
  readonly lastRestartAt?: string | undefined
}

/** A policy that applies to the device. */
export interface AppliedPolicy {
  readonly policyId: string
  /** The package that the policy carries. */
  readonly packageId?: string | undefined
}

/** An agent that was just installed. */
export const newAgent: Agent = { policies: [] }

/** The agent after the device restarted: a pending package has taken effect. */
export function restarted(agent: Agent, at: string): Agent {
  const activePackageId = agent.pendingPackageId ?? agent.activePackageId
  return { ...agent, activePackageId, pendingPackageId: undefined, lastRestartAt: at }
}

/** What the agent says at a check-in; `outcome` is how the active package does on this device. */
export function report(agent: Agent, outcome: PackageOutcome): CheckInReport {
  const { activePackageId, pendingPackageId, lastRestartAt } = agent
  return {
    knownEtag: holdsWantedPackage(agent) ? agent.etag : undefined,
    lastRestartAt,
    activePackageId,
    pendingPackageId,
    sensorState: activePackageId ? sensorStates[outcome] : 'inactive',
    policyResults: policyResults(agent, outcome),
  }
}

/** The agent after it received the answer to a check-in. */
export function received(agent: Agent, answer: CheckInAnswer): Agent {
  if (answer.unchanged) return { ...agent, etag: answer.etag }
  const policies = answer.policies.map((policy) => ({
    policyId: policy.policyId,
    packageId: packageSettingOf(policy)?.packageId,
  }))
  const deliveredPackageId = answer.onboardingPackage?.packageId
  const wantedPackageId = deliveredPackageId ?? onlyPackageOf(policies)
  const pendingPackageId = pendingAfter(agent, wantedPackageId, deliveredPackageId)
  return { ...agent, etag: answer.etag, policies, wantedPackageId, pendingPackageId }
}

const sensorStates = { works: 'active', reportsFailure: 'impairedCommunication', fallsSilent: 'unknown' } as const

/** Only an answer that was carried out is worth knowing: else the package would never be sent again. */
function holdsWantedPackage({ wantedPackageId, activePackageId, pendingPackageId }: Agent): boolean {
  return wantedPackageId === undefined || [activePackageId, pendingPackageId].includes(wantedPackageId)
}

/** A policy without a package is applied as it arrives; one with a package when that is in force. */
function policyResults({ policies, activePackageId }: Agent, outcome: PackageOutcome): CheckInReport['policyResults'] {
  return policies
    .filter(({ packageId }) => packageId === undefined || (packageId === activePackageId && outcome !== 'fallsSilent'))
    .map(({ policyId, packageId }) =>
      packageId !== undefined && outcome === 'reportsFailure'
        ? { policyId, status: 'error', errorCode: onboardingFailed }
        : { policyId, status: 'succeeded' },
    )
}

/** An error of the Windows event log's sensor channel: the onboarding parameters could not be read. */
const onboardingFailed = '0x80070057'

function onlyPackageOf(policies: readonly AppliedPolicy[]): string | undefined {
  const packageIds = new Set(policies.flatMap(({ packageId }) => packageId ?? []))
  return packageIds.size === 1 ? [...packageIds][0] : undefined
}

function pendingAfter(
  { activePackageId, pendingPackageId }: Agent,
  wantedPackageId: string | undefined,
  deliveredPackageId: string | undefined,
): string | undefined {
  if (wantedPackageId !== undefined && wantedPackageId === activePackageId) return undefined
  return deliveredPackageId ?? pendingPackageId
}
