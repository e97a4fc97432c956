import { createHash } from 'node:crypto'

/** What a synthetic package is to say; whatever is left out follows from the seed. */
export interface SyntheticPackageOptions {
  /** Equal seeds, equal packages. */
  readonly seed?: string | number
  readonly kind?: 'onboard' | 'offboard'
  readonly orgId?: string
  readonly previousOrgIds?: readonly string[]
  readonly packageGuid?: string
  readonly version?: string
  /** When an offboarding package expires. */
  readonly expiresAt?: string
}

/**
 * The text of a Windows package in the shape and size of real ones, with values that are plainly made up: nothing in it
 * is signed, and its addresses end in `.example`.
 */
export function syntheticPackage(options: SyntheticPackageOptions = {}): string {
  const seed = options.seed ?? 'synthetic'
  const body = options.kind === 'offboard' ? offboardingBody(options, seed) : onboardingBody(options, seed)
  const onboardingInfo = {
    body: JSON.stringify(body),
    sig: syntheticBytes(`${seed}/sig`, 256),
    sha256sig: syntheticBytes(`${seed}/sha256sig`, 256),
    cert: syntheticBytes(`${seed}/cert`, 1500),
    chain: [syntheticBytes(`${seed}/chain/0`, 1700), syntheticBytes(`${seed}/chain/1`, 1500)],
  }
  return JSON.stringify({ onboardingInfo: JSON.stringify(onboardingInfo) })
}

/** A GUID that follows from the seed. */
export function syntheticGuid(seed: string | number): string {
  const hex = createHash('sha256').update(`guid/${seed}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function onboardingBody(options: SyntheticPackageOptions, seed: string | number) {
  return {
    previousOrgIds: options.previousOrgIds ?? [],
    orgId: options.orgId ?? syntheticGuid('organisation'),
    geoLocationUrl: 'https://edr-gateway.synthetic.example/',
    datacenter: 'SyntheticCentral',
    vortexGeoLocation: 'EU',
    version: options.version ?? '2.11',
    deviceType: 'Client',
    packageGuid: options.packageGuid ?? syntheticGuid(`package/${seed}`),
  }
}

function offboardingBody(options: SyntheticPackageOptions, seed: string | number) {
  const orgId = options.orgId ?? syntheticGuid('organisation')
  const expiresMs = Date.parse(options.expiresAt ?? '2099-12-31T00:00:00.000Z')
  return {
    orgIds: [orgId],
    orgId,
    expirationTimestamp: (expiresMs - Date.UTC(1601, 0, 1)) * 10_000,
    version: options.version ?? '2.11',
    packageGuid: options.packageGuid ?? syntheticGuid(`package/${seed}`),
  }
}

/** `length` bytes in base64 that begin with a plain statement of what they are. */
function syntheticBytes(seed: string, length: number): string {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += 32) createHash('sha256').update(`${seed}/${at}`).digest().copy(bytes, at)
  bytes.write('SYNTHETIC, NOT A SIGNATURE OR CERTIFICATE ')
  return bytes.toString('base64')
}
