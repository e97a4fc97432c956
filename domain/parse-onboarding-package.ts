import { z } from 'zod'
import { checkNesting } from './check-nesting.ts'
import { InvalidInputError, type Violation } from './errors.ts'
import { maximumPackageLength } from './profiles/windows-edr.ts'

/** What a package says about itself; nothing of it is secret. */
export interface ParsedPackage {
  readonly kind: 'onboard' | 'offboard'
  readonly organisationId: string
  /** The organisations that a device may come from; empty in most packages. */
  readonly previousOrganisationIds: readonly string[]
  readonly version: string
  /** The last moment at which devices accept an offboarding package; onboarding packages do not expire. */
  readonly expiresAt?: string | undefined
}

/**
 * What a Windows package's text says about it, once every part has been checked.
 *
 * The text is JSON that nests JSON in strings: `{ onboardingInfo: { body, sig, … } }`, or the inner `{ body, sig, … }`
 * alone, which is what the local scripts write to the registry. Fields that are not known here are let pass, because
 * devices get the text as it stands. An offboarding package is told by the expiry in its body or by its file name,
 * `WindowsDefenderATP_valid_until_YYYY-MM-DD.offboarding`; where both say when it expires, the earlier one counts.
 *
 * Throws InvalidInputError. Its violations name parts and expectations, never content, which is a secret.
 */
export function parseOnboardingPackage(content: string, fileName: string | undefined, now: string): ParsedPackage {
  const { body, pointer } = openPackage(content)
  const isOffboarding = 'expirationTimestamp' in body || fileName?.endsWith('.offboarding') === true
  return isOffboarding ? readOffboarding(body, pointer, { fileName, now }) : readOnboarding(body, pointer)
}

const maximumDepth = 8
const guid = z.guid('must be a GUID')
const label = z.string('must be a text').min(1, 'must not be empty').max(200, 'must have at most 200 characters')
const base64 = z.base64('must be base64').min(1, 'must not be empty')

const signedBody = z.object({
  body: jsonText(z.looseObject({}, 'must be a JSON object')),
  sig: base64,
  sha256sig: base64,
  cert: base64,
  chain: z.array(base64, 'must be a list of certificates').min(1, 'must hold at least one certificate'),
})

const wrapper = z.object({ onboardingInfo: jsonText(signedBody) })

const onboardingBody = z.object({
  orgId: guid,
  previousOrgIds: z.array(guid, 'must be a list of GUIDs, which may be empty'),
  geoLocationUrl: z.url({ protocol: /^https$/, error: 'must be an https URL' }),
  datacenter: label,
  vortexGeoLocation: label,
  version: label,
  deviceType: label.optional(),
  packageGuid: guid.optional(),
})

/** `expirationTimestamp` counts 100-nanosecond steps since 1601, as Windows does. */
const offboardingBody = z.object({
  orgId: guid,
  version: label,
  expirationTimestamp: z
    .number('must be a number')
    .min(0, 'must not be negative')
    .max(2.6e18, 'must lie before the year 9840')
    .optional(),
})

/** JSON in a string, of a bounded depth and without keys that reach for prototypes. */
function jsonText<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string('must be a text that holds JSON')
    .transform((text, context): unknown => {
      const { value, problem } = parseJson(text)
      if (problem) context.addIssue({ code: 'custom', message: problem })
      return problem ? z.NEVER : value
    })
    .pipe(schema)
}

function parseJson(text: string): { value?: unknown; problem?: string | undefined } {
  try {
    const value: unknown = JSON.parse(text)
    return { value, problem: checkNesting(value, maximumDepth) }
  } catch {
    return { problem: 'must be JSON' }
  }
}

function openPackage(content: string) {
  if (content.length < 1 || content.length > maximumPackageLength) {
    throw refusal('/content', `has ${content.length} characters; expected 1 to ${maximumPackageLength}`)
  }
  const root = check(jsonText(z.looseObject({}, 'must be a JSON object')), content, '/content')
  if ('body' in root) return { body: check(signedBody, root, '/content').body, pointer: '/content/body' }
  const { body } = check(wrapper, root, '/content').onboardingInfo
  return { body, pointer: '/content/onboardingInfo/body' }
}

function readOnboarding(body: object, pointer: string): ParsedPackage {
  const { orgId, previousOrgIds, version } = check(onboardingBody, body, pointer)
  return { kind: 'onboard', organisationId: orgId, previousOrganisationIds: previousOrgIds, version }
}

function readOffboarding(
  body: object,
  pointer: string,
  { fileName, now }: { fileName: string | undefined; now: string },
): ParsedPackage {
  const { orgId, version, expirationTimestamp } = check(offboardingBody, body, pointer)
  if (fileName?.endsWith('.onboarding')) {
    throw refusal('/fileName', `'${fileName}' names an onboarding package, but the content is an offboarding package`)
  }
  const expiries = [expiryOfTimestamp(expirationTimestamp), expiryOfFileName(fileName)].filter((at) => at !== undefined)
  if (expiries.length === 0)
    throw refusal('/fileName', `'${fileName}' does not say when it expires; ${expectedFileName}`)
  const expiresAt = new Date(Math.min(...expiries)).toISOString()
  if (Date.parse(expiresAt) < Date.parse(now)) {
    throw refusal('/content', `is an offboarding package that expired at ${expiresAt}; devices refuse it`)
  }
  return { kind: 'offboard', organisationId: orgId, previousOrganisationIds: [], version, expiresAt }
}

const windowsEpochMs = Date.UTC(1601, 0, 1)
const expectedFileName = 'expected WindowsDefenderATP_valid_until_YYYY-MM-DD.offboarding'

function expiryOfTimestamp(steps: number | undefined): number | undefined {
  return steps === undefined ? undefined : windowsEpochMs + Math.floor(steps / 10_000)
}

/** The end of the day, in UTC, that the file name gives. */
function expiryOfFileName(fileName: string | undefined): number | undefined {
  const date = /_valid_until_(\d{4}-\d{2}-\d{2})\D/.exec(fileName ?? '')?.[1]
  if (date === undefined) return undefined
  const midnightMs = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(midnightMs) || new Date(midnightMs).toISOString().slice(0, 10) !== date) {
    throw refusal('/fileName', `'${fileName}' gives the date '${date}', which does not exist; ${expectedFileName}`)
  }
  return midnightMs + 24 * 60 * 60 * 1000 - 1
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, pointer: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const violations = result.error.issues.map(({ path, message }) => ({
    pointer: [pointer, ...path.map(String)].join('/'),
    detail: message,
  }))
  throw refusalOf(violations)
}

function refusal(pointer: string, detail: string): InvalidInputError {
  return refusalOf([{ pointer, detail }])
}

function refusalOf(violations: readonly Violation[]): InvalidInputError {
  const sentences = violations.map(({ pointer, detail }) => `${pointer} ${detail}`)
  return new InvalidInputError(`The package is not valid: ${sentences.join('; ')}`, violations)
}
