import { type CryptoKey, type JWTPayload, jwtVerify } from 'jose'
import type { ApiAuthorizer } from '../template/deployment.ts'
import { gatewayAnswer } from './answer.ts'
import type { Authorize, Verdict } from './authorizer.ts'

/** Whose tokens are known here. */
export interface KnownIssuer {
  readonly issuer: string
  readonly publicKey: CryptoKey
}

/**
 * An authorizer that takes the tokens of `known`, as API Gateway's JWT authorizer does: RSA signature, issuer,
 * audience (or `client_id`), `nbf` and `exp`. A token's signature is checked once.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function jwtAuthorizer(
  { issuer, audience }: Extract<ApiAuthorizer, { kind: 'jwt' }>,
  { known, now }: { known: KnownIssuer; now: () => number },
): Authorize {
  if (issuer !== known.issuer)
    throw new Error(`Tokens of issuer '${issuer}' can't be checked; expected '${known.issuer}'`)
  const seen = new Map<string, JWTPayload>()

  async function claimsOf(token: string): Promise<JWTPayload> {
    const claims = seen.get(token) ?? (await jwtVerify(token, known.publicKey, options())).payload
    if (!seen.has(token) && seen.size >= 10_000) seen.clear()
    seen.set(token, claims)
    return claims
  }

  function options() {
    return { issuer, algorithms: ['RS256', 'RS384', 'RS512'], currentDate: new Date(now()) }
  }

  return async ({ headers }) => {
    const [, token] = /^(?:Bearer )?([^ ]+)$/i.exec(headers.authorization ?? '') ?? []
    if (token === undefined) return unauthorized('Bearer')
    const claims = await claimsOf(token).catch(() => undefined)
    const problem = claims ? whyInvalid(claims, audience, now() / 1000) : 'the token has an invalid signature or issuer'
    if (!claims || problem) return unauthorized(`Bearer scope="" error="invalid_token" error_description="${problem}"`)
    return { kind: 'pass', authorizer: { jwt: { claims: asTexts(claims), scopes: null } } }
  }
}

function whyInvalid(claims: JWTPayload, audience: readonly string[], nowSeconds: number): string | undefined {
  const { aud = String(claims.client_id), exp = 0, nbf = 0 } = claims
  if (exp <= nowSeconds) return 'the token has expired'
  if (nbf > nowSeconds) return 'the token is not valid yet'
  return [aud].flat().some((one) => audience.includes(one)) ? undefined : 'the token has an invalid audience'
}

function unauthorized(challenge: string): Verdict {
  return { kind: 'answer', answer: gatewayAnswer(401, 'Unauthorized', { 'www-authenticate': challenge }) }
}

/** API Gateway hands every claim on as a text, a list as `[first second]`. */
function asTexts(claims: JWTPayload): Record<string, string> {
  const texts = Object.entries(claims).map(([name, value]) => [name, asText(value)])
  return Object.fromEntries(texts)
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
