import { z } from 'zod'
import { decommission } from '../../domain/rotation-steps.ts'
import { cohortOf } from '../rotation-records.ts'
import { task } from '../task.ts'

/** Retires the old policy; the new one takes over its assignments. Not while the rotation is paused or aborted. */
export const handler = task({
  input: z.object({ tenantId: z.string(), rotationId: z.string() }),
  async run({ tenantId, rotationId }, app) {
    const rotation = await app.rotations.get(tenantId, rotationId)
    if (rotation.status === 'completed') return { hasDecommissioned: true }
    if (rotation.status !== 'decommissioning') return { hasDecommissioned: false }
    const oldPolicy = await app.policies.get(tenantId, rotation.oldPolicyId)
    const newPolicy = await app.policies.get(tenantId, rotation.newPolicyId)
    const cohort = await cohortOf(rotation, app)
    await app.rotations.decommission({ ...decommission(rotation, oldPolicy, newPolicy, app.now()), cohort })
    app.log.info('rotation completed', { tenantId, rotationId })
    return { hasDecommissioned: true }
  },
})
