import { discoveryDocument, type OidcIssuer } from '../oidc.ts'
import type { HttpApi } from './http-api.ts'

/** The API with the documents of the local token issuer besides, which on AWS stand at the organisation's own issuer. */
export function withWellKnown(api: HttpApi, { jwks }: OidcIssuer): HttpApi {
  return async (request) => {
    const { target, headers } = request
    if (target === '/.well-known/jwks.json') return json(jwks)
    if (target === '/.well-known/openid-configuration') return json(discoveryDocument(`http://${headers.host}`))
    return api(request)
  }
}

function json(document: unknown) {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) }
}
