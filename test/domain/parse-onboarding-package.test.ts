import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { InvalidInputError, type Violation } from '../../domain/errors.ts'
import { parseOnboardingPackage } from '../../domain/parse-onboarding-package.ts'
import { maximumPackageLength } from '../../domain/profiles/windows-edr.ts'
import { aGuid, aPackage } from '../support/packages.ts'

const now = '2026-03-01T12:00:00.000Z'
const orgId = aGuid('contoso')
const parse = (content: string, fileName?: string) => parseOnboardingPackage(content, fileName, now)

type Fields = Record<string, unknown>
const fieldsOf = (text: string) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))

/** A package whose signed part and whose body are changed; a field set to undefined is left out. */
function packageWith({ signed = {}, body = {} }: { signed?: Fields; body?: Fields }): string {
  const { onboardingInfo } = z.object({ onboardingInfo: z.string() }).parse(JSON.parse(aPackage({ orgId })))
  const info = fieldsOf(onboardingInfo)
  const changedBody = JSON.stringify({ ...fieldsOf(z.string().parse(info.body)), ...body })
  return JSON.stringify({ onboardingInfo: JSON.stringify({ ...info, body: changedBody, ...signed }) })
}

function violationsOf(content: string, fileName?: string): readonly Violation[] {
  try {
    parse(content, fileName)
  } catch (error) {
    if (error instanceof InvalidInputError) return error.violations
    throw error
  }
  return []
}

describe('an onboarding package', () => {
  test('says which organisation a device joins', () => {
    expect(parse(aPackage({ orgId, version: '2.11' }), 'WindowsDefenderATP.onboarding')).toEqual({
      kind: 'onboard',
      organisationId: orgId,
      previousOrganisationIds: [],
      version: '2.11',
    })
  })

  test('says which organisations a device may come from', () => {
    const former = aGuid('fabrikam')

    expect(parse(aPackage({ previousOrgIds: [former] })).previousOrganisationIds).toEqual([former])
  })

  test('is read without its wrapper too, as the registry holds it', () => {
    const { onboardingInfo } = z.object({ onboardingInfo: z.string() }).parse(JSON.parse(aPackage({ orgId })))

    expect(parse(onboardingInfo)).toEqual(parse(aPackage({ orgId })))
  })

  test('may leave out what older versions do not have, and hold what is not known here', () => {
    const older = packageWith({ body: { deviceType: undefined, packageGuid: undefined, partnerGeoLocation: 'GW_EU' } })

    expect(parse(older).organisationId).toBe(orgId)
  })

  test('never expires', () => {
    expect(parse(aPackage())).not.toHaveProperty('expiresAt')
  })
})

describe('an offboarding package', () => {
  const inMarch = 'WindowsDefenderATP_valid_until_2026-03-05.offboarding'

  test('expires when its body says', () => {
    const content = aPackage({ kind: 'offboard', orgId, expiresAt: '2026-03-04T10:00:00.000Z' })

    expect(parse(content)).toEqual({
      kind: 'offboard',
      organisationId: orgId,
      previousOrganisationIds: [],
      version: '2.11',
      expiresAt: '2026-03-04T10:00:00.000Z',
    })
  })

  test('expires at the end of the day in its file name, where its body does not say', () => {
    const { kind, expiresAt } = parse(packageWith({}), inMarch)

    expect({ kind, expiresAt }).toEqual({ kind: 'offboard', expiresAt: '2026-03-05T23:59:59.999Z' })
  })

  test('expires at the earlier of both', () => {
    const content = aPackage({ kind: 'offboard', expiresAt: '2026-03-09T10:00:00.000Z' })

    expect(parse(content, inMarch).expiresAt).toBe('2026-03-05T23:59:59.999Z')
  })

  test('is refused once it has expired', () => {
    const content = aPackage({ kind: 'offboard', expiresAt: '2026-03-01T11:59:59.999Z' })

    expect(violationsOf(content)).toEqual([
      {
        pointer: '/content',
        detail: 'is an offboarding package that expired at 2026-03-01T11:59:59.999Z; devices refuse it',
      },
    ])
    expect(parse(aPackage({ kind: 'offboard', expiresAt: now })).expiresAt).toBe(now)
  })

  test.each([
    ['WindowsDefenderATP.offboarding', 'does not say when it expires'],
    ['WindowsDefenderATP_valid_until_2026-02-30.offboarding', "gives the date '2026-02-30', which does not exist"],
  ])('is refused with the file name %s, where its body has no expiry', (fileName, reason) => {
    expect(violationsOf(packageWith({}), fileName)).toEqual([
      { pointer: '/fileName', detail: expect.stringContaining(reason) },
    ])
  })

  test('is refused under the file name of an onboarding package', () => {
    expect(violationsOf(aPackage({ kind: 'offboard' }), 'WindowsDefenderATP.onboarding')).toEqual([
      { pointer: '/fileName', detail: expect.stringContaining('but the content is an offboarding package') },
    ])
  })
})

describe('a package is refused', () => {
  const info = '/content/onboardingInfo'

  test.each<[string, { signed?: Fields; body?: Fields }, string, string]>([
    ['an organisation that is no GUID', { body: { orgId: 'contoso' } }, `${info}/body/orgId`, 'must be a GUID'],
    ['no organisation', { body: { orgId: undefined } }, `${info}/body/orgId`, 'must be a GUID'],
    [
      'a former organisation that is no GUID',
      { body: { previousOrgIds: [orgId, 'x'] } },
      `${info}/body/previousOrgIds/1`,
      'must be a GUID',
    ],
    [
      'no list of former organisations',
      { body: { previousOrgIds: undefined } },
      `${info}/body/previousOrgIds`,
      'must be a list of GUIDs, which may be empty',
    ],
    [
      'a gateway without https',
      { body: { geoLocationUrl: 'http://edr.example/' } },
      `${info}/body/geoLocationUrl`,
      'must be an https URL',
    ],
    ['an empty version', { body: { version: '' } }, `${info}/body/version`, 'must not be empty'],
    ['a package id that is no GUID', { body: { packageGuid: '1' } }, `${info}/body/packageGuid`, 'must be a GUID'],
    [
      'a prototype key',
      { body: { a: JSON.parse('{"__proto__":1}') } },
      `${info}/body`,
      "has the key '__proto__', which is not allowed",
    ],
    ['a body that is no JSON', { signed: { body: '{' } }, `${info}/body`, 'must be JSON'],
    ['a body that is a list', { signed: { body: '[]' } }, `${info}/body`, 'must be a JSON object'],
    ['a body that is no text', { signed: { body: {} } }, `${info}/body`, 'must be a text that holds JSON'],
    ['a signature that is not base64', { signed: { sig: 'not base64!' } }, `${info}/sig`, 'must be base64'],
    ['no second signature', { signed: { sha256sig: undefined } }, `${info}/sha256sig`, 'must be base64'],
    ['an empty certificate', { signed: { cert: '' } }, `${info}/cert`, 'must not be empty'],
    ['an empty chain', { signed: { chain: [] } }, `${info}/chain`, 'must hold at least one certificate'],
    ['a chain that is not base64', { signed: { chain: ['QQ==', '?'] } }, `${info}/chain/1`, 'must be base64'],
  ])('with %s', (_, changes, pointer, detail) => {
    expect(violationsOf(packageWith(changes))).toEqual([{ pointer, detail }])
  })

  test.each([
    ['', '/content', `has 0 characters; expected 1 to ${maximumPackageLength}`],
    ['x'.repeat(maximumPackageLength + 1), '/content', `has 175033 characters; expected 1 to ${maximumPackageLength}`],
    ['<xml/>', '/content', 'must be JSON'],
    ['{}', '/content/onboardingInfo', 'must be a text that holds JSON'],
    [`{"a":${'['.repeat(80_000)}${']'.repeat(80_000)}}`, '/content', 'is nested too deeply'],
  ])('where its text is unusable (%#)', (content, pointer, detail) => {
    expect(violationsOf(content)).toEqual([{ pointer, detail }])
  })

  test('with every reason at once', () => {
    const pointers = violationsOf(packageWith({ body: { orgId: 1, version: 2 } })).map(({ pointer }) => pointer)

    expect(pointers).toEqual([`${info}/body/orgId`, `${info}/body/version`])
  })

  test('without a word of its content', () => {
    const secret = 'c2VjcmV0'
    const body = { orgId: secret, geoLocationUrl: secret, datacenter: [secret], version: { [secret]: secret } }
    const everything = packageWith({ body: { ...body, previousOrgIds: secret } })

    expect(() => parse(everything)).toThrow(InvalidInputError)
    expect(() => parse(everything)).not.toThrow(secret)
    expect(() => parse(`{"onboardingInfo":"${secret}"}`)).not.toThrow(secret)
  })
})

test('whatever the text, either it is read or it is refused as invalid input', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => JSON.stringify({ onboardingInfo: json })),
  )

  fc.assert(
    fc.property(text, fc.option(fc.string(), { nil: undefined }), (content, fileName) => {
      expect(violationsOf(content, fileName).length).toBeGreaterThan(0)
    }),
  )
})
