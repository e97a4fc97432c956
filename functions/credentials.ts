import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/**
 * A bearer secret that names whom it belongs to: base64url of `tenant`, `id` and a random secret, joined by dots.
 * Only the digest of the secret is kept.
 */
export interface Credential {
  readonly tenantId: string
  readonly ownerId: string
  readonly secret: string
}

/** A new secret of 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a secret: SHA-256, base64url. Enough for secrets that are random and long. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** Whether `secret` is the one of which `digest` was kept; takes equally long either way. */
export function isSecretOf(digest: string, secret: string): boolean {
  const [kept, given] = [Buffer.from(digest), Buffer.from(digestOf(secret))]
  return kept.length === given.length && timingSafeEqual(kept, given)
}

/** The text of a credential, to be given away once. */
export function formatCredential({ tenantId, ownerId, secret }: Credential): string {
  return [tenantId, ownerId]
    .map((part) => Buffer.from(part).toString('base64url'))
    .concat(secret)
    .join('.')
}

const parts = z.tuple([z.base64url().min(1), z.base64url().min(1), z.base64url().min(1)])

/** The credential that a text holds; undefined where it is none. */
export function parseCredential(text: string): Credential | undefined {
  const parsed = parts.safeParse(text.split('.'))
  if (!parsed.success) return undefined
  const [tenantId, ownerId, secret] = parsed.data
  return { tenantId: decoded(tenantId), ownerId: decoded(ownerId), secret }
}

function decoded(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8')
}
