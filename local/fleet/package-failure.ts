import { draw } from './draw.ts'

/** Which devices a package breaks, and how many of those in silence. */
export interface PackageFailure {
  /** The build, such as `10.0.19045`, that alone is affected; undefined where every build is. */
  readonly osVersion?: string | undefined
  /** Share of the affected devices that break, from 0 to 1. */
  readonly rate: number
  /** Share of the broken devices whose sensor falls silent instead of reporting an error. */
  readonly silent: number
}

/** How a device does with the package that is active on it. */
export type PackageOutcome = 'works' | 'reportsFailure' | 'fallsSilent'

/**
 * The failure that a text such as `none`, `all:0.1` or `osVersion=10.0.19045:0.5,silent=0.5` describes.
 *
 * @throws {RangeError} The text is none of these.
 */
export function parsePackageFailure(text: string): PackageFailure {
  if (text === 'none') return { rate: 0, silent: 0 }
  const parts = specification.exec(text)?.groups
  const rate = Number(parts?.rate)
  const silent = Number(parts?.silent ?? 0)
  if (rate >= 0 && rate <= 1 && silent <= 1) return { osVersion: parts?.osVersion, rate, silent }
  throw new RangeError(
    `Package failure '${text}' is not valid; expected none, all:RATE or osVersion=BUILD:RATE, with ,silent=SHARE where wanted, rates from 0 to 1`,
  )
}

/** How the device does with the package: always the same for the same seed, device and package. */
export function packageOutcome(
  failure: PackageFailure | undefined,
  { seed, deviceId, packageId, osVersion }: Activation,
): PackageOutcome {
  if (!failure || !isOfBuild(osVersion, failure.osVersion)) return 'works'
  if (draw(seed, deviceId, packageId, 'breaks') >= failure.rate) return 'works'
  return draw(seed, deviceId, packageId, 'silently') < failure.silent ? 'fallsSilent' : 'reportsFailure'
}

/** A package in force on a device. */
export interface Activation {
  readonly seed: number
  readonly deviceId: string
  readonly packageId: string
  readonly osVersion: string
}

const specification =
  /^(?:all|osVersion=(?<osVersion>\d+(?:\.\d+){2,3})):(?<rate>\d+(?:\.\d+)?)(?:,silent=(?<silent>\d+(?:\.\d+)?))?$/

function isOfBuild(osVersion: string, build: string | undefined): boolean {
  return build === undefined || osVersion === build || osVersion.startsWith(`${build}.`)
}
