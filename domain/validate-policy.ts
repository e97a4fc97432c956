import type { Violation } from './errors.ts'
import type { OnboardingPackage } from './onboarding-package.ts'
import type { Policy, Setting } from './policy.ts'
import { findProfile, profiles } from './profiles/catalog.ts'
import type { ChoiceSettingDefinition, PackageSettingDefinition, Profile, SettingOption } from './profiles/profile.ts'

/** A policy as somebody wants it to be. */
export type PolicyDraft = Pick<Policy, 'name' | 'description' | 'platform' | 'profileId' | 'settings'>

/** What is wrong with a draft, and what is allowed but unwise. */
export interface PolicyValidation {
  readonly violations: readonly Violation[]
  readonly warnings: readonly Violation[]
}

const maximumNameLength = 200
const maximumDescriptionLength = 1000

/**
 * Everything that keeps a draft from being a policy, and warnings about the rest.
 *
 * `packages` holds the tenant's packages by id, those that the draft names at least. A package child must be
 * configured with exactly the option that requires it; a policy without any package is valid.
 */
export function validatePolicy(draft: PolicyDraft, packages: ReadonlyMap<string, OnboardingPackage>): PolicyValidation {
  const basics = [...checkName(draft.name), ...checkDescription(draft.description)]
  const profile = findProfile(draft.profileId)
  if (!profile) return { violations: [...basics, unknownProfile(draft.profileId)], warnings: [] }
  return {
    violations: [
      ...basics,
      ...checkPlatform(draft, profile),
      ...draft.settings.flatMap((setting, index) => checkSetting(setting, `/settings/${index}`, { profile, packages })),
      ...repeatedSettings(draft.settings),
      ...checkDependencies(draft.settings, profile),
    ],
    warnings: deprecatedSettings(draft.settings, profile),
  }
}

function checkName(name: string): Violation[] {
  if (name.trim() === '') return [{ pointer: '/name', detail: 'The name is empty; expected a character at least' }]
  if (name.length <= maximumNameLength) return []
  return [{ pointer: '/name', detail: `The name has ${name.length} characters; at most ${maximumNameLength} fit` }]
}

function checkDescription({ length }: string): Violation[] {
  if (length <= maximumDescriptionLength) return []
  const detail = `The description has ${length} characters; at most ${maximumDescriptionLength} fit`
  return [{ pointer: '/description', detail }]
}

function unknownProfile(profileId: string): Violation {
  const known = profiles.map((profile) => profile.profileId)
  return { pointer: '/profileId', detail: `No profile is named '${profileId}'; expected ${anyOf(known)}` }
}

function checkPlatform({ platform }: PolicyDraft, profile: Profile): Violation[] {
  if (platform === profile.platform) return []
  const detail = `The profile '${profile.profileId}' is for ${profile.platform}, not for '${platform}'`
  return [{ pointer: '/platform', detail }]
}

interface Surroundings {
  readonly profile: Profile
  readonly packages: ReadonlyMap<string, OnboardingPackage>
}

function checkSetting(setting: Setting, pointer: string, { profile, packages }: Surroundings): Violation[] {
  const definition = definitionOf(setting, profile)
  if (!definition) return [unknownSetting(setting, pointer, profile)]
  const detail =
    definition.kind === 'choice'
      ? checkChoice(setting.value, definition)
      : checkPackage(setting.value, definition, { profile, packages })
  return detail ? [{ pointer: `${pointer}/value`, detail }] : []
}

function unknownSetting(
  { settingDefinitionId }: Setting,
  pointer: string,
  { profileId, settings }: Profile,
): Violation {
  const known = settings.map((definition) => definition.settingDefinitionId)
  const detail = `The profile '${profileId}' has no setting '${settingDefinitionId}'; expected ${anyOf(known)}`
  return { pointer: `${pointer}/settingDefinitionId`, detail }
}

function checkChoice(value: string, { displayName, options }: ChoiceSettingDefinition): string | undefined {
  const itemIds = options.map(({ itemId }) => itemId)
  return itemIds.includes(value) ? undefined : `'${displayName}' has no option '${value}'; expected ${anyOf(itemIds)}`
}

function checkPackage(
  packageId: string,
  { displayName, packageKind }: PackageSettingDefinition,
  { profile, packages }: Surroundings,
): string | undefined {
  const found = packages.get(packageId)
  if (!found) return `No package is named '${packageId}'; expected the id of an ${packageKind} package`
  if (found.platform !== profile.platform) {
    return `The package '${packageId}' is for ${found.platform}; expected one for ${profile.platform}`
  }
  if (found.kind === packageKind) return undefined
  return `The package '${packageId}' is an ${found.kind} package; '${displayName}' takes an ${packageKind} package`
}

function repeatedSettings(settings: readonly Setting[]): Violation[] {
  const ids = settings.map(({ settingDefinitionId }) => settingDefinitionId)
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [
          {
            pointer: `/settings/${index}/settingDefinitionId`,
            detail: `The setting '${id}' is configured more than once`,
          },
        ],
  )
}

function checkDependencies(settings: readonly Setting[], profile: Profile): Violation[] {
  const configured = new Set(settings.map(({ settingDefinitionId }) => settingDefinitionId))
  const chosen = settings.flatMap((setting, index) => {
    const option = optionsOf(definitionOf(setting, profile)).find(({ itemId }) => itemId === setting.value)
    return option ? [{ option, pointer: `/settings/${index}/value` }] : []
  })
  const required = new Set(chosen.map(({ option }) => option.requiredSettingId))
  return [
    ...chosen.flatMap(({ option, pointer }) => missingChild(option, pointer, configured)),
    ...settings.flatMap((setting, index) => strayChild(setting, `/settings/${index}`, { profile, required })),
  ]
}

function missingChild(option: SettingOption, pointer: string, configured: ReadonlySet<string>): Violation[] {
  const { requiredSettingId: child, displayName } = option
  if (child === undefined || configured.has(child)) return []
  return [{ pointer, detail: `The option '${displayName}' requires the setting '${child}'` }]
}

function strayChild(
  { settingDefinitionId }: Setting,
  pointer: string,
  { profile, required }: { profile: Profile; required: ReadonlySet<string | undefined> },
): Violation[] {
  const parent = profile.settings.flatMap(optionsOf).find((option) => option.requiredSettingId === settingDefinitionId)
  if (!parent || required.has(settingDefinitionId)) return []
  const detail = `The setting '${settingDefinitionId}' needs the option '${parent.itemId}', which the policy does not choose`
  return [{ pointer: `${pointer}/settingDefinitionId`, detail }]
}

function deprecatedSettings(settings: readonly Setting[], profile: Profile): Violation[] {
  return settings.flatMap((setting, index) => {
    const definition = definitionOf(setting, profile)
    if (!definition?.deprecation) return []
    const detail = `The setting '${definition.displayName}' ${definition.deprecation}`
    return [{ pointer: `/settings/${index}/settingDefinitionId`, detail }]
  })
}

function definitionOf({ settingDefinitionId }: Setting, { settings }: Profile) {
  return settings.find((definition) => definition.settingDefinitionId === settingDefinitionId)
}

function optionsOf(definition: ReturnType<typeof definitionOf>): readonly SettingOption[] {
  return definition?.kind === 'choice' ? definition.options : []
}

function anyOf(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(' or ')
}
