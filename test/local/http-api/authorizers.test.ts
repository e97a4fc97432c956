import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { generateKeyPair, SignJWT } from 'jose'
import { startClock } from '../../../local/clock.ts'
import { jwtAuthorizer } from '../../../local/http-api/jwt-authorizer.ts'
import { lambdaAuthorizer } from '../../../local/http-api/lambda-authorizer.ts'
import { requestEvent } from '../../../local/http-api/request.ts'
import { openOidcIssuer } from '../../../local/oidc.ts'

const startMs = Date.UTC(2026, 10, 1)
const issuer = await openOidcIssuer(mkdtempSync(join(tmpdir(), 'rampart-')), startClock({ kind: 'skip-idle' }, startMs))
const admin = { sub: 'ada', tenant_id: 't1', roles: ['administrator', 'reader'] }

function eventWith(authorization?: string) {
  const headers = { ...(authorization && { authorization }) }
  const request = { method: 'GET', target: '/', headers, body: Buffer.alloc(0), sourceIp: '127.0.0.1' }
  return requestEvent(request, { apiId: 'api1', routeKey: 'GET /', pathParameters: {}, nowMs: startMs })
}

function jwtAt(nowMs = startMs, audience = issuer.audience) {
  const settings = { kind: 'jwt', issuer: issuer.issuer, audience: [audience] } as const
  return jwtAuthorizer(settings, { known: issuer, now: () => nowMs })
}

test('lets a token of the issuer pass, its claims as texts', async () => {
  const verdict = await jwtAt()(eventWith(`Bearer ${await issuer.issueToken(admin, 60)}`), 'arn')

  expect(verdict).toMatchObject({
    kind: 'pass',
    authorizer: { jwt: { claims: { sub: 'ada', tenant_id: 't1', roles: '[administrator reader]' }, scopes: null } },
  })
})

test.each([
  ['no token', async () => ({ authorize: jwtAt(), token: undefined })],
  [
    'a token that has expired',
    async () => ({ authorize: jwtAt(startMs + 61_000), token: await issuer.issueToken(admin, 60) }),
  ],
  [
    'a token for another audience',
    async () => ({ authorize: jwtAt(startMs, 'other'), token: await issuer.issueToken(admin, 60) }),
  ],
  ['a token that somebody else signed', async () => ({ authorize: jwtAt(), token: await forgedToken() })],
  ['a token that is none', async () => ({ authorize: jwtAt(), token: 'nonsense' })],
])('answers as unauthorized to %s', async (_, given) => {
  const { authorize, token } = await given()

  const verdict = await authorize(eventWith(token && `Bearer ${token}`), 'arn')
  expect(verdict).toMatchObject({ kind: 'answer', answer: { status: 401, body: '{"message":"Unauthorized"}' } })
})

test('notices that a token which it let pass has expired since', async () => {
  let nowMs = startMs
  const settings = { kind: 'jwt', issuer: issuer.issuer, audience: [issuer.audience] } as const
  const authorize = jwtAuthorizer(settings, { known: issuer, now: () => nowMs })
  const event = eventWith(`Bearer ${await issuer.issueToken(admin, 60)}`)

  expect(await authorize(event, 'arn')).toMatchObject({ kind: 'pass' })
  nowMs += 60_000
  expect(await authorize(event, 'arn')).toMatchObject({ kind: 'answer' })
})

test('keeps its key, so that a token is good after a restart too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rampart-'))
  const clock = startClock({ kind: 'skip-idle' }, startMs)
  const token = await (await openOidcIssuer(directory, clock)).issueToken(admin, 60)
  const again = await openOidcIssuer(directory, clock)

  const settings = { kind: 'jwt', issuer: again.issuer, audience: [again.audience] } as const
  const authorize = jwtAuthorizer(settings, { known: again, now: () => startMs })
  expect(await authorize(eventWith(`Bearer ${token}`), 'arn')).toMatchObject({ kind: 'pass' })
})

function forgedToken() {
  return generateKeyPair('RS256').then(({ privateKey }) =>
    new SignJWT({ tenant_id: 't1' })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(issuer.issuer)
      .setAudience(issuer.audience)
      .setExpirationTime('1h')
      .sign(privateKey),
  )
}

/** An authorizer that asks a function which knows one good credential, and counts how often it was asked. */
function lambdaAt(now: () => number) {
  const asked: unknown[] = []
  const authorize = lambdaAuthorizer(
    {
      kind: 'lambda',
      authorizerId: 'a1',
      functionArn: 'arn:judge',
      identitySources: ['$request.header.Authorization'],
      resultTtlSeconds: 300,
    },
    {
      now,
      async invoke(_, event) {
        asked.push(event)
        const isAuthorized = JSON.stringify(event).includes('Device good')
        if (JSON.stringify(event).includes('Device broken')) {
          return { kind: 'functionError', requestId: 'r1', error: { errorType: 'Error', errorMessage: '', trace: [] } }
        }
        return { kind: 'success', requestId: 'r1', payload: { isAuthorized, context: { deviceId: 'd1' } } }
      },
    },
  )
  return { authorize, asked }
}

test('asks the function once for as long as its answer is remembered', async () => {
  let nowMs = startMs
  const { authorize, asked } = lambdaAt(() => nowMs)

  const verdict = { kind: 'pass', authorizer: { lambda: { deviceId: 'd1' } } }
  expect(await authorize(eventWith('Device good'), 'arn:route')).toEqual(verdict)
  expect(await authorize(eventWith('Device good'), 'arn:other')).toEqual(verdict)
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ type: 'REQUEST', routeArn: 'arn:route', identitySource: ['Device good'] })
  nowMs += 300_000
  await authorize(eventWith('Device good'), 'arn:route')
  expect(asked).toHaveLength(2)
})

test.each([
  ['forbidden to a credential that the function does not know', 'Device stolen', 403, 1],
  ['unauthorized without asking where there is no credential', undefined, 401, 0],
  ['with an internal error where the function fails', 'Device broken', 500, 1],
])('answers %s', async (_, authorization, status, times) => {
  const { authorize, asked } = lambdaAt(() => startMs)

  expect(await authorize(eventWith(authorization), 'arn')).toMatchObject({ kind: 'answer', answer: { status } })
  expect(asked).toHaveLength(times)
})
