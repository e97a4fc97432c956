import { NotFoundError } from '../domain/errors.ts'
import type { CohortGroup } from '../domain/group.ts'
import type { Policy } from '../domain/policy.ts'
import type { Rotation } from '../domain/rotation.ts'
import type { App } from './app.ts'

/** The cohort of a rotation that was prepared and is not over. */
export async function cohortOf({ tenantId, cohortGroupId }: Rotation, app: App): Promise<CohortGroup> {
  const group = await app.groups.get(tenantId, cohortGroupId)
  if (group.kind === 'cohort') return group
  throw new NotFoundError(`The group '${cohortGroupId}' is no cohort`)
}

/** What a rotation has created so far; empty before it was prepared. */
export async function createdBy(
  rotation: Rotation,
  app: App,
): Promise<{ newPolicy: Policy | undefined; cohort: CohortGroup | undefined }> {
  const [newPolicy, cohort] = await Promise.all([
    app.policies.get(rotation.tenantId, rotation.newPolicyId).catch(undefinedIfNotFound),
    cohortOf(rotation, app).catch(undefinedIfNotFound),
  ])
  return { newPolicy, cohort }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!(error instanceof NotFoundError)) throw error
}
