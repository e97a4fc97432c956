import type { OnboardingPackage } from '../onboarding-package.ts'
import type { Platform } from '../policy.ts'

/** One value that a choice setting may take. */
export interface SettingOption {
  /** What a policy stores as the setting's value. */
  readonly itemId: string
  readonly displayName: string
  /** What reaches the device. */
  readonly deviceValue: string | number
  /** The setting that must be configured with this option, and only with it. */
  readonly requiredSettingId?: string
}

interface SettingBase {
  readonly settingDefinitionId: string
  readonly displayName: string
  /** Where the value goes on the device, below the profile's base URI. */
  readonly offsetUri: string
  /** Why the setting should no longer be used; it is still accepted. */
  readonly deprecation?: string
}

/** A setting whose value is the item id of one of its options. */
export interface ChoiceSettingDefinition extends SettingBase {
  readonly kind: 'choice'
  readonly options: readonly SettingOption[]
}

/** A setting whose value is the id of a package; the device receives the package's content. */
export interface PackageSettingDefinition extends SettingBase {
  readonly kind: 'package'
  readonly packageKind: OnboardingPackage['kind']
  /** Limits of the content, in characters. */
  readonly minimumLength: number
  readonly maximumLength: number
}

export type SettingDefinition = ChoiceSettingDefinition | PackageSettingDefinition

/** A template of settings for one platform. */
export interface Profile {
  readonly profileId: string
  readonly displayName: string
  readonly platform: Platform
  readonly version: number
  /** The template's id and family in Microsoft Graph. */
  readonly templateId: string
  readonly templateFamily: string
  readonly baseUri: string
  readonly settings: readonly SettingDefinition[]
}
