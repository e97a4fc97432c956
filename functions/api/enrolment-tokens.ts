import { z } from 'zod'
import { laterBy } from '../../domain/instants.ts'
import { digestOf, formatCredential, newSecret } from '../credentials.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'

const create = route({
  key: 'POST /v1/enrolmentTokens',
  summary: 'Makes a token with which devices enrol. It is shown this once.',
  body: z.strictObject({ expiresInHours: z.number().positive().max(8760).default(168) }),
  status: 201,
  answer: z.object({ tokenId: z.string(), token: z.string(), expiresAt: z.iso.datetime() }),
  async run({ tenantId, callerId, body, newId, isValidateOnly }, app) {
    const [tokenId, secret, createdAt] = [newId('token'), newSecret(), app.now()]
    const expiresAt = laterBy(createdAt, { hours: body.expiresInHours })
    if (isValidateOnly) return { status: 200, body: { expiresAt, validateOnly: true } }
    const secretDigest = digestOf(secret)
    await app.enrolmentTokens.create({ tenantId, tokenId, secretDigest, expiresAt, createdBy: callerId, createdAt })
    const token = formatCredential({ tenantId, ownerId: tokenId, secret })
    return { status: 201, body: { tokenId, token, expiresAt }, headers: { location: `/v1/enrolmentTokens/${tokenId}` } }
  },
})

/**
 * Makes enrolment tokens. A repeated request makes another token: a stored answer would have to keep the secret.
 */
export const handler = routes(create)
