import type { Profile } from './profile.ts'
import { windowsEdr } from './windows-edr.ts'

/** Every profile that policies can be made from. */
export const profiles: readonly Profile[] = [windowsEdr]

/** The profile of that id; undefined where there is none. */
export function findProfile(profileId: string): Profile | undefined {
  return profiles.find((profile) => profile.profileId === profileId)
}
