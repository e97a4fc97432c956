import { z } from 'zod'
import type { AdminApi } from '../local/fleet/admin-api.ts'
import { UsageError } from './usage-error.ts'

/** A kind of resource that has a name besides its id. */
export interface NamedKind {
  /** One of them, in words. */
  readonly noun: string
  readonly path: string
  /** The field that holds the id. */
  readonly idField: string
}

/** Every kind that a command may be given by name. */
export const namedKinds = {
  rotation: { noun: 'rotation', path: '/v1/rotations', idField: 'rotationId' },
  policy: { noun: 'policy', path: '/v1/policies', idField: 'policyId' },
  package: { noun: 'package', path: '/v1/packages', idField: 'packageId' },
  group: { noun: 'group', path: '/v1/groups', idField: 'groupId' },
} as const satisfies Record<string, NamedKind>

/**
 * The id of the resource that has `reference` as its id or its name.
 *
 * @throws {UsageError} None has, or several have it as their name.
 */
export async function resolveId(api: AdminApi, kind: NamedKind, reference: string): Promise<string> {
  const { noun, path, idField } = kind
  const resources = await api.all(path, z.looseObject({ name: z.string().optional(), [idField]: z.string() }))
  const identified = resources.map((resource) => ({ id: String(resource[idField]), name: resource.name }))
  const byId = identified.find(({ id }) => id === reference)
  const byName = identified.filter(({ name }) => name === reference)
  const [found] = byId ? [byId] : byName
  if (!found) throw new UsageError(`No ${noun} has the id or name '${reference}'`)
  if (!byId && byName.length > 1)
    throw new UsageError(
      `${byName.length} have the name '${reference}'; name the ${noun} by its id: ${byName.map(({ id }) => id).join(', ')}`,
    )
  return found.id
}
