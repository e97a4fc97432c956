import type { DeviceTruth } from './device-truth.ts'

/**
 * The ids of `size` enrolled devices to try a package on first: one of every restart habit on every build, as far as
 * `size` goes, and then the first ones of the fleet, so that habits keep about the shares that they have in it.
 */
export function validationDevices(devices: readonly DeviceTruth[], size: number): string[] {
  const enrolled = devices.flatMap(({ deviceId, restartHabit, osVersion }) =>
    deviceId === undefined ? [] : [{ deviceId, stratum: `${restartHabit} on ${buildOf(osVersion)}` }],
  )
  const firsts = [...Map.groupBy(enrolled, ({ stratum }) => stratum).values()].flatMap(([first]) => first ?? [])
  return [...new Set([...firsts, ...enrolled].map(({ deviceId }) => deviceId))].slice(0, size)
}

/** The build without its monthly revision. */
function buildOf(osVersion: string): string {
  return osVersion.split('.').slice(0, 3).join('.')
}
