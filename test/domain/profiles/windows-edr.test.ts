import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Setting } from '../../../domain/policy.ts'
import { findProfile, profiles } from '../../../domain/profiles/catalog.ts'
import { windowsEdrSettings as ids, packageSettingOf, withPackage } from '../../../domain/profiles/windows-edr.ts'

const sharing = { settingDefinitionId: ids.sampleSharing, value: `${ids.sampleSharing}_1` }
const settings = fc.array(
  fc.record({ settingDefinitionId: fc.constantFrom(...Object.values(ids)), value: fc.string({ minLength: 1 }) }),
)

test('the catalogue knows each profile by its id', () => {
  expect(profiles.map(({ profileId }) => findProfile(profileId))).toEqual(profiles)
  expect(findProfile('linux-edr')).toBeUndefined()
})

test('the ids are those of the Windows setting definitions', () => {
  expect(Object.values(ids)).toMatchInlineSnapshot(`
[
  "device_vendor_msft_windowsadvancedthreatprotection_configurationtype",
  "device_vendor_msft_windowsadvancedthreatprotection_onboarding",
  "device_vendor_msft_windowsadvancedthreatprotection_onboarding_fromconnector",
  "device_vendor_msft_windowsadvancedthreatprotection_offboarding",
  "device_vendor_msft_windowsadvancedthreatprotection_configuration_samplesharing",
  "device_vendor_msft_windowsadvancedthreatprotection_configuration_telemetryreportingfrequency",
]
`)
})

test('every setting that an option requires is a setting of the profile', () => {
  for (const { settings: definitions } of profiles) {
    const known = definitions.map(({ settingDefinitionId }) => settingDefinitionId)
    const options = definitions.flatMap((definition) => (definition.kind === 'choice' ? definition.options : []))
    const required = options.flatMap(({ requiredSettingId }) => requiredSettingId ?? [])

    expect(known).toEqual(expect.arrayContaining(required))
  }
})

test('the package of a policy is found under any of its three settings', () => {
  for (const settingDefinitionId of [ids.onboarding, ids.onboardingFromConnector, ids.offboarding]) {
    const policy = { settings: [sharing, { settingDefinitionId, value: 'package-1' }] }

    expect(packageSettingOf(policy)).toEqual({ settingDefinitionId, packageId: 'package-1' })
  }
})

test('a policy without a package has none', () => {
  expect(packageSettingOf({ settings: [sharing] })).toBeUndefined()
})

test('another package replaces the one that was there and leaves the other settings alone', () => {
  const before: Setting[] = [
    { settingDefinitionId: ids.configurationType, value: `${ids.configurationType}_offboard` },
    { settingDefinitionId: ids.offboarding, value: 'package-1' },
    sharing,
  ]

  expect(withPackage(before, 'package-2')).toEqual([
    { settingDefinitionId: ids.configurationType, value: `${ids.configurationType}_onboard` },
    { settingDefinitionId: ids.onboarding, value: 'package-2' },
    sharing,
  ])
})

test('the package that is put in is the package that is found', () => {
  fc.assert(
    fc.property(settings, fc.string({ minLength: 1 }), (before, packageId) => {
      expect(packageSettingOf({ settings: withPackage(before, packageId) })?.packageId).toBe(packageId)
    }),
  )
})

test('putting a package in again changes nothing', () => {
  fc.assert(
    fc.property(settings, (before) => {
      const once = withPackage(before, 'package-1')

      expect(withPackage(once, 'package-1')).toEqual(once)
    }),
  )
})
