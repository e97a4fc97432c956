import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseOnboardingPackage } from '../../../domain/parse-onboarding-package.ts'
import { syntheticGuid, syntheticPackage } from '../../../local/fleet/synthetic-package.ts'

const now = '2026-03-01T12:00:00.000Z'

test('equal seeds make equal packages, other seeds other ones', () => {
  expect(syntheticPackage({ seed: 1 })).toBe(syntheticPackage({ seed: 1 }))
  expect(syntheticPackage({ seed: 1 })).not.toBe(syntheticPackage({ seed: 2 }))
})

test('a synthetic package is a valid package of the kind and organisation asked for', () => {
  const kinds = fc.constantFrom('onboard' as const, 'offboard' as const)

  fc.assert(
    fc.property(fc.string(), kinds, fc.string(), (seed, kind, organisation) => {
      const orgId = syntheticGuid(organisation)
      const parsed = parseOnboardingPackage(syntheticPackage({ seed, kind, orgId }), undefined, now)

      expect(parsed).toMatchObject({ kind, organisationId: orgId })
    }),
  )
})

test('a synthetic package says that it is one', () => {
  const content = syntheticPackage()

  expect(content).toContain(Buffer.from('SYNTHETIC, NOT A SIGNATURE').toString('base64').slice(0, 32))
  expect(content).toContain('synthetic.example')
})
