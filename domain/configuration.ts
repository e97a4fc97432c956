import type { Group } from './group.ts'
import type { OnboardingPackage } from './onboarding-package.ts'
import type { Policy } from './policy.ts'

/** Everything that decides what applies to a tenant's devices, at one revision. */
export interface Configuration {
  readonly tenantId: string
  /** Rises with every change to any part. */
  readonly revision: number
  readonly policies: readonly Policy[]
  readonly groups: readonly Group[]
  readonly packages: readonly OnboardingPackage[]
}
