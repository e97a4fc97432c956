import { z } from 'zod'
import { isOver } from '../../domain/rotation.ts'
import { finish } from '../../domain/rotation-steps.ts'
import { task } from '../task.ts'

/** Ends a rotation that was rolled back, so that the old policy can be rotated again. */
export const handler = task({
  input: z.object({ tenantId: z.string(), rotationId: z.string() }),
  async run({ tenantId, rotationId }, app) {
    const rotation = await app.rotations.get(tenantId, rotationId)
    if (isOver(rotation)) return
    const oldPolicy = await app.policies.get(tenantId, rotation.oldPolicyId)
    await app.rotations.finish(finish(rotation, oldPolicy, app.now()))
    app.log.info('rotation ended', { tenantId, rotationId })
  },
})
