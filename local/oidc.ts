import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import type { Clock } from './clock.ts'
import { replaceFile } from './replace-file.ts'

/** Who a token speaks for. */
export interface Operator {
  readonly sub: string
  readonly tenant_id: string
  readonly roles: readonly string[]
}

/** The local identity provider: what an organisation's own OpenID Connect issuer is on AWS. */
export interface OidcIssuer {
  readonly issuer: string
  readonly audience: string
  readonly publicKey: CryptoKey
  readonly jwks: { readonly keys: readonly JWK[] }
  issueToken(operator: Operator, ttlSeconds: number): Promise<string>
}

/**
 * The issuer whose signing key is kept in `dataDir`, made there at the first start.
 *
 * It signs with RS256, since API Gateway's JWT authorizer takes tokens with RSA signatures only:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export async function openOidcIssuer(dataDir: string, clock: Clock): Promise<OidcIssuer> {
  const privateJwk = await signingKey(join(dataDir, 'oidc-key.json'))
  const { kty, n, e, kid } = privateJwk
  const publicJwk: JWK = { kty, n, e, kid, alg: algorithm, use: 'sig' }
  const [privateKey, publicKey] = await Promise.all([imported(privateJwk), imported(publicJwk)])
  return {
    issuer,
    audience,
    publicKey,
    jwks: { keys: [publicJwk] },
    issueToken({ sub, tenant_id, roles }, ttlSeconds) {
      const nowSeconds = Math.floor(clock.now() / 1000)
      return new SignJWT({ tenant_id, roles })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
        .setSubject(sub)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + ttlSeconds)
        .sign(privateKey)
    },
  }
}

/** The discovery document of an issuer that is reached at `endpoint`. */
export function discoveryDocument(endpoint: string) {
  return {
    issuer,
    jwks_uri: `${endpoint}/.well-known/jwks.json`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [algorithm],
  }
}

const algorithm = 'RS256'
const issuer = 'https://rampart.local'
const audience = 'rampart'

async function signingKey(path: string): Promise<JWK> {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk) }
  replaceFile(path, JSON.stringify(key))
  return key
}

async function imported(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm)
  if (key instanceof Uint8Array) throw new Error(`Expected an RSA key, found one of type '${jwk.kty}'`)
  return key
}
