import type { Policy, Setting } from '../policy.ts'
import type { Profile } from './profile.ts'

const prefix = 'device_vendor_msft_windowsadvancedthreatprotection'

/** The ids of the profile's settings, as Microsoft Graph names their definitions. */
export const windowsEdrSettings = {
  configurationType: `${prefix}_configurationtype`,
  onboarding: `${prefix}_onboarding`,
  onboardingFromConnector: `${prefix}_onboarding_fromconnector`,
  offboarding: `${prefix}_offboarding`,
  sampleSharing: `${prefix}_configuration_samplesharing`,
  telemetryReportingFrequency: `${prefix}_configuration_telemetryreportingfrequency`,
} as const

/** The longest package that a setting holds: `maximumLength` of the setting definitions. */
export const maximumPackageLength = 175_032

const ids = windowsEdrSettings
const packageLength = { minimumLength: 1, maximumLength: maximumPackageLength }

/** Endpoint detection and response on Windows: what Graph's setting catalogue says of its template. */
export const windowsEdr = {
  profileId: 'windows-edr',
  displayName: 'Endpoint detection and response',
  platform: 'windows',
  version: 1,
  templateId: '0385b795-0f2f-44ac-8602-9f65bf6adede_1',
  templateFamily: 'endpointSecurityEndpointDetectionAndResponse',
  baseUri: './Device/Vendor/MSFT/WindowsAdvancedThreatProtection',
  settings: [
    {
      kind: 'choice',
      settingDefinitionId: ids.configurationType,
      displayName: 'Microsoft Defender for Endpoint client configuration package type',
      offsetUri: '/',
      options: [
        {
          itemId: `${ids.configurationType}_autofromconnector`,
          displayName: 'Auto from connector',
          deviceValue: 'AutoFromConnector',
          requiredSettingId: ids.onboardingFromConnector,
        },
        {
          itemId: `${ids.configurationType}_onboard`,
          displayName: 'Onboard',
          deviceValue: 'Onboard',
          requiredSettingId: ids.onboarding,
        },
        {
          itemId: `${ids.configurationType}_offboard`,
          displayName: 'Offboard',
          deviceValue: 'Offboard',
          requiredSettingId: ids.offboarding,
        },
      ],
    },
    {
      kind: 'package',
      settingDefinitionId: ids.onboarding,
      displayName: 'Onboarding (Device)',
      offsetUri: '/Onboarding',
      packageKind: 'onboard',
      ...packageLength,
    },
    {
      kind: 'package',
      settingDefinitionId: ids.onboardingFromConnector,
      displayName: 'Onboarding blob from Connector',
      offsetUri: '/Onboarding',
      packageKind: 'onboard',
      ...packageLength,
    },
    {
      kind: 'package',
      settingDefinitionId: ids.offboarding,
      displayName: 'Offboarding (Device)',
      offsetUri: '/Offboarding',
      packageKind: 'offboard',
      ...packageLength,
    },
    {
      kind: 'choice',
      settingDefinitionId: ids.sampleSharing,
      displayName: 'Sample Sharing',
      offsetUri: '/Configuration/SampleSharing',
      options: [
        { itemId: `${ids.sampleSharing}_0`, displayName: 'None', deviceValue: 0 },
        { itemId: `${ids.sampleSharing}_1`, displayName: 'All', deviceValue: 1 },
      ],
    },
    {
      kind: 'choice',
      settingDefinitionId: ids.telemetryReportingFrequency,
      displayName: '[Deprecated] Telemetry Reporting Frequency',
      offsetUri: '/Configuration/TelemetryReportingFrequency',
      options: [
        { itemId: `${ids.telemetryReportingFrequency}_1`, displayName: 'Normal', deviceValue: 1 },
        { itemId: `${ids.telemetryReportingFrequency}_2`, displayName: 'Expedite', deviceValue: 2 },
      ],
      deprecation: 'is deprecated and has no effect on any device',
    },
  ],
} as const satisfies Profile

const packageSettingIds: readonly string[] = [ids.onboarding, ids.onboardingFromConnector, ids.offboarding]

/** The setting of a policy that carries its package, and the package; undefined where it carries none. */
export function packageSettingOf({
  settings,
}: Pick<Policy, 'settings'>): { settingDefinitionId: string; packageId: string } | undefined {
  const setting = settings.find(({ settingDefinitionId }) => packageSettingIds.includes(settingDefinitionId))
  return setting && { settingDefinitionId: setting.settingDefinitionId, packageId: setting.value }
}

/** The same settings, but for the package: configuration type Onboard with the given one. */
export function withPackage(settings: readonly Setting[], packageId: string): Setting[] {
  const replaced: readonly string[] = [ids.configurationType, ...packageSettingIds]
  return [
    { settingDefinitionId: ids.configurationType, value: `${ids.configurationType}_onboard` },
    { settingDefinitionId: ids.onboarding, value: packageId },
    ...settings.filter(({ settingDefinitionId }) => !replaced.includes(settingDefinitionId)),
  ]
}
