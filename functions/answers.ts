import { StaleRevisionError } from '../domain/errors.ts'
import type { Answer } from './route.ts'

interface Revised {
  readonly tenantId: string
  readonly revision: number
}

/** A resource as callers see it: without its tenant, which is theirs. */
export function shown<Resource extends { readonly tenantId: string }>({ tenantId, ...rest }: Resource) {
  return rest
}

/** The ETag of a resource at its revision. */
export function etagOf({ revision }: { readonly revision: number }): string {
  return `"${revision}"`
}

/** A resource that can change, with its ETag. */
export function found<Resource extends Revised>(resource: Resource, more: object = {}): Answer {
  return { status: 200, body: { ...shown(resource), ...more }, headers: { etag: etagOf(resource) } }
}

/** A resource that was created at `location`. */
export function created<Resource extends Revised>(resource: Resource, location: string, more: object = {}): Answer {
  return {
    status: 201,
    body: { ...shown(resource), ...more },
    headers: { etag: etagOf(resource), location },
  }
}

/** What a request that is only to be checked would have made. */
export function previewed(resource: { readonly tenantId: string }, more: object = {}): Answer {
  return { status: 200, body: { ...shown(resource), ...more, validateOnly: true } }
}

/** Refuses to change a resource that moved on since the caller read it. */
export function expectRevision(
  { revision }: { readonly revision: number },
  expected: number | undefined,
  what: string,
): void {
  if (expected === undefined || expected === revision) return
  throw new StaleRevisionError(`${what} is at revision ${revision}, not at ${expected}; read it again and retry`)
}
