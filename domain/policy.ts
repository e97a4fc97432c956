export const platforms = ['windows', 'macOS', 'linux', 'windowsConfigMgr'] as const
export type Platform = (typeof platforms)[number]

/** One setting of a policy. For a package setting `value` is a package id, for a choice the chosen item's id. */
export interface Setting {
  readonly settingDefinitionId: string
  readonly value: string
}

/** Sends a policy to a group, or keeps it from one. An exclude wins over every include. */
export interface Assignment {
  readonly groupId: string
  readonly intent: 'include' | 'exclude'
  /** `operator`, or `rotation` for the assignments that a rotation sets and removes by itself. */
  readonly managedBy: 'operator' | 'rotation'
}

/** An instance of a profile. */
export interface Policy {
  readonly tenantId: string
  readonly policyId: string
  readonly name: string
  readonly description: string
  readonly platform: Platform
  readonly profileId: string
  readonly settings: readonly Setting[]
  readonly assignments: readonly Assignment[]
  /** A preconfigured policy's assignments cannot be edited by anybody but a rotation. */
  readonly origin: 'manual' | 'preconfigured'
  readonly status: 'active' | 'decommissioned' | 'withdrawn'
  /** The rotation that is replacing this policy now. */
  readonly replacedByRotationId?: string | undefined
  /** Kept so that a decommissioned policy can be restored. */
  readonly formerAssignments?: readonly Assignment[] | undefined
  readonly restorableUntilAt?: string | undefined
  readonly createdAt: string
  readonly updatedAt: string
  readonly revision: number
}

/** The assignments that operators made, without those of a rotation. */
export function operatorAssignments({ assignments }: Pick<Policy, 'assignments'>): readonly Assignment[] {
  return assignments.filter(({ managedBy }) => managedBy === 'operator')
}
