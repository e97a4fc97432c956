/** How far a wave raises the cohort; percents and counts are of all devices in scope, earlier waves included. */
export type WaveTarget = { readonly percent: number } | { readonly count: number }

/** What a wave must show before the next one may start. */
export interface GatePlan {
  /** How long a wave is watched at least. */
  readonly soakMinutes: number
  /** Share of the reached devices of a wave that must have an outcome. */
  readonly minOutcomePercent: number
  /** Share of the expected reachable devices of a wave that must have checked in. */
  readonly minReachedPercent: number
  /** How long after its restart a device may stay silent before it counts as unverified. */
  readonly verificationMinutes: number
  /** The failure rate of a good package's activations. */
  readonly baselineFailureRate: number
  /** The bound on the probability of stopping a package that is no worse than the baseline. */
  readonly falseAbortProbability: number
  /** Which waves wait for an operator's approval before the next one. */
  readonly approval: 'none' | 'validation' | 'everyWave'
}

export interface RotationPlan {
  readonly validationGroupId: string
  /** The waves after the validation wave; they rise and end at 100 percent. */
  readonly waves: readonly WaveTarget[]
  readonly gate: GatePlan
  /** How long after an abort the rotation waits for devices to come back, at most. */
  readonly rollbackHours: number
  /** How long the decommissioned policy can be restored. */
  readonly restorableHours: number
}

export const rotationStatuses = [
  'scheduled',
  'running',
  'paused',
  'decommissioning',
  'completed',
  'aborting',
  'rolling_back',
  'rolled_back',
] as const
export type RotationStatus = (typeof rotationStatuses)[number]

export interface Rotation {
  readonly tenantId: string
  readonly rotationId: string
  readonly name: string
  readonly oldPolicyId: string
  readonly packageId: string
  /** The policy that carries the new package; the rotation creates it. */
  readonly newPolicyId: string
  readonly cohortGroupId: string
  readonly plan: RotationPlan
  readonly status: RotationStatus
  /** Why it is in this status, for an operator to read. */
  readonly stateReason: string
  /** The last wave entered; -1 before the validation wave, which is 0. */
  readonly currentWave: number
  readonly approvedWaves: readonly number[]
  readonly pausedAt?: string | undefined
  /** The operator's action that was taken last; whoever asks for it again is only told what became of it. */
  readonly lastActionId?: string | undefined
  readonly createdBy: string
  readonly createdAt: string
  readonly endedAt?: string | undefined
  readonly executionArn: string
  readonly revision: number
}

export type WaveState = 'active' | 'promoted' | 'aborted'

export interface Wave {
  readonly tenantId: string
  readonly rotationId: string
  /** 0 is the validation wave. */
  readonly wave: number
  readonly state: WaveState
  readonly threshold: number
  /** Reachable devices that should come into the cohort with it, as far as known when it was entered. */
  readonly expectedDevices: number
  readonly enteredAt: string
  readonly endedAt?: string | undefined
  /** Time that the rotation was paused during this wave; it does not count as soak. */
  readonly pausedMinutes: number
  readonly executionArn: string
}

/** What an execution is waiting for. The token that ends the wait stays in the store. */
export interface RotationWait {
  readonly tenantId: string
  readonly rotationId: string
  readonly kind: 'start' | 'gate' | 'decommission' | 'rollback'
  readonly wave: number
  readonly taskToken: string
  readonly sinceAt: string
}

/** The stored account of one gate decision: enough to recompute it. */
export interface GateDecision {
  readonly tenantId: string
  readonly rotationId: string
  readonly decisionId: string
  readonly wave: number
  readonly decidedAt: string
  readonly decision: 'promote' | 'hold' | 'abort'
  /** The name of the rule that decided. */
  readonly rule: string
  readonly message: string
  readonly remedy: string
  /** The facts that the rules saw. */
  readonly facts: unknown
  /** SHA-256 over the rules that were in force. */
  readonly ruleSetDigest: string
}

/** Whether anything can still happen to a rotation by itself. */
export function isOver({ status }: Pick<Rotation, 'status'>): boolean {
  return status === 'completed' || status === 'rolled_back'
}

const allowedFrom = {
  pause: ['running'],
  resume: ['paused'],
  approve: ['running', 'paused'],
  abort: ['scheduled', 'running', 'paused', 'decommissioning'],
} satisfies Record<string, RotationStatus[]>

export type RotationAction = keyof typeof allowedFrom
export const rotationActions = ['pause', 'resume', 'approve', 'abort'] as const

/** Why an operator may not take `action` now, as a sentence to show; undefined where they may. */
export function whyNot(action: RotationAction, { status }: Pick<Rotation, 'status'>): string | undefined {
  const from: RotationStatus[] = allowedFrom[action]
  return from.includes(status) ? undefined : `Can't ${action} a ${status} rotation; it must be ${from.join(' or ')}`
}
