import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Setting } from '../../domain/policy.ts'
import { windowsEdrSettings as ids, windowsEdr, withPackage } from '../../domain/profiles/windows-edr.ts'
import { type PolicyDraft, validatePolicy } from '../../domain/validate-policy.ts'
import { anOnboardingPackage } from '../support/packages.ts'

const packages = new Map([
  ['joining', anOnboardingPackage({ packageId: 'joining' })],
  ['leaving', anOnboardingPackage({ packageId: 'leaving', kind: 'offboard' })],
])
const setting = (settingDefinitionId: string, value: string): Setting => ({ settingDefinitionId, value })
const chosen = (option: string) => setting(ids.configurationType, `${ids.configurationType}_${option}`)

function aDraft(changes: Partial<PolicyDraft> = {}): PolicyDraft {
  return {
    name: 'EDR',
    description: '',
    platform: 'windows',
    profileId: 'windows-edr',
    settings: [chosen('onboard'), setting(ids.onboarding, 'joining')],
    ...changes,
  }
}

const validate = (changes: Partial<PolicyDraft> = {}) => validatePolicy(aDraft(changes), packages)
const violationsOf = (settings: Setting[]) => validate({ settings }).violations

describe('a policy is valid', () => {
  test.each<[string, Setting[]]>([
    ['with an onboard package', [chosen('onboard'), setting(ids.onboarding, 'joining')]],
    ['with an offboard package', [chosen('offboard'), setting(ids.offboarding, 'leaving')]],
    [
      'with the package of the connector',
      [chosen('autofromconnector'), setting(ids.onboardingFromConnector, 'joining')],
    ],
    ['with sample sharing alone', [setting(ids.sampleSharing, `${ids.sampleSharing}_0`)]],
    ['with nothing configured', []],
  ])('%s', (_, settings) => {
    expect(validate({ settings })).toEqual({ violations: [], warnings: [] })
  })

  test('with the deprecated telemetry setting, but not without a warning', () => {
    const settings = [setting(ids.telemetryReportingFrequency, `${ids.telemetryReportingFrequency}_2`)]

    expect(validate({ settings })).toEqual({
      violations: [],
      warnings: [
        {
          pointer: '/settings/0/settingDefinitionId',
          detail:
            "The setting '[Deprecated] Telemetry Reporting Frequency' is deprecated and has no effect on any device",
        },
      ],
    })
  })
})

describe('a policy is refused', () => {
  test.each([
    [{ name: '  ' }, '/name', 'The name is empty; expected a character at least'],
    [{ name: 'x'.repeat(201) }, '/name', 'The name has 201 characters; at most 200 fit'],
    [{ description: 'x'.repeat(1001) }, '/description', 'The description has 1001 characters; at most 1000 fit'],
    [{ platform: 'linux' as const }, '/platform', "The profile 'windows-edr' is for windows, not for 'linux'"],
    [{ profileId: 'firewall' }, '/profileId', "No profile is named 'firewall'; expected 'windows-edr'"],
  ])('for its basics: %j', (changes, pointer, detail) => {
    expect(validate(changes).violations).toEqual([{ pointer, detail }])
  })

  test('for a setting that the profile does not have', () => {
    expect(violationsOf([setting('com.apple.tags', 'x')])).toEqual([
      {
        pointer: '/settings/0/settingDefinitionId',
        detail: expect.stringContaining("has no setting 'com.apple.tags'; expected 'device_vendor_msft"),
      },
    ])
  })

  test('for an option that its setting does not have', () => {
    expect(violationsOf([setting(ids.sampleSharing, 'some')])).toEqual([
      {
        pointer: '/settings/0/value',
        detail: `'Sample Sharing' has no option 'some'; expected '${ids.sampleSharing}_0' or '${ids.sampleSharing}_1'`,
      },
    ])
  })

  test('for a setting that is configured twice', () => {
    const sharing = setting(ids.sampleSharing, `${ids.sampleSharing}_1`)

    expect(violationsOf([sharing, sharing])).toEqual([
      {
        pointer: '/settings/1/settingDefinitionId',
        detail: `The setting '${ids.sampleSharing}' is configured more than once`,
      },
    ])
  })

  test('for a package that does not exist', () => {
    expect(violationsOf([chosen('onboard'), setting(ids.onboarding, 'lost')])).toEqual([
      { pointer: '/settings/1/value', detail: "No package is named 'lost'; expected the id of an onboard package" },
    ])
  })

  test.each([
    ['onboard', ids.onboarding, 'leaving', "'leaving' is an offboard package; 'Onboarding (Device)' takes an onboard"],
    [
      'offboard',
      ids.offboarding,
      'joining',
      "'joining' is an onboard package; 'Offboarding (Device)' takes an offboard",
    ],
  ])('for a package of the wrong kind: %s', (option, child, packageId, reason) => {
    expect(violationsOf([chosen(option), setting(child, packageId)])).toEqual([
      { pointer: '/settings/1/value', detail: expect.stringContaining(reason) },
    ])
  })

  test('for an option without the package that it requires', () => {
    expect(violationsOf([chosen('onboard')])).toEqual([
      { pointer: '/settings/0/value', detail: `The option 'Onboard' requires the setting '${ids.onboarding}'` },
    ])
  })

  test('for a package without the option that it belongs to', () => {
    expect(violationsOf([setting(ids.offboarding, 'leaving')])).toEqual([
      {
        pointer: '/settings/0/settingDefinitionId',
        detail: `The setting '${ids.offboarding}' needs the option '${ids.configurationType}_offboard', which the policy does not choose`,
      },
    ])
  })

  test('for more than one package', () => {
    const both = [chosen('onboard'), setting(ids.onboarding, 'joining'), setting(ids.offboarding, 'leaving')]

    expect(violationsOf(both).map(({ pointer }) => pointer)).toEqual(['/settings/2/settingDefinitionId'])
  })
})

describe('the laws of validation', () => {
  const definitionIds = windowsEdr.settings.map(({ settingDefinitionId }) => settingDefinitionId)
  const itemIds = windowsEdr.settings.flatMap((definition) =>
    definition.kind === 'choice' ? definition.options.map(({ itemId }) => itemId) : [],
  )
  const settings = fc.array(
    fc.record({
      settingDefinitionId: fc.oneof(fc.constantFrom(...definitionIds), fc.string()),
      value: fc.oneof(fc.constantFrom(...itemIds, 'joining', 'leaving'), fc.string()),
    }),
    { maxLength: 6 },
  )

  test('whether settings are valid does not depend on their order', () => {
    fc.assert(
      fc.property(settings, (all) => {
        expect(violationsOf(all.toReversed()).length).toBe(violationsOf(all).length)
      }),
    )
  })

  test('a valid policy stays valid with another onboard package', () => {
    fc.assert(
      fc.property(settings, (all) => {
        fc.pre(violationsOf(all).length === 0)
        expect(violationsOf(withPackage(all, 'joining'))).toEqual([])
      }),
    )
  })
})
