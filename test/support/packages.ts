import type { OnboardingPackage } from '../../domain/onboarding-package.ts'

/** The text of a valid synthetic package: `aPackage({ orgId, packageGuid, kind, expiresAt, … })`. */
export { syntheticGuid as aGuid, syntheticPackage as aPackage } from '../../local/fleet/synthetic-package.ts'

/** A package as the store knows it. */
export function anOnboardingPackage(changes: Partial<OnboardingPackage> = {}): OnboardingPackage {
  return {
    tenantId: 'contoso',
    packageId: 'package-1',
    name: 'Package 1',
    kind: 'onboard',
    platform: 'windows',
    organisationId: '11111111-1111-4111-8111-111111111111',
    fingerprint: 'fingerprint-1',
    createdAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  }
}
