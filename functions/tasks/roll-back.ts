import { z } from 'zod'
import { isOver } from '../../domain/rotation.ts'
import { rollBack } from '../../domain/rotation-steps.ts'
import { createdBy } from '../rotation-records.ts'
import { task } from '../task.ts'

/**
 * Gives every device back to the old policy in one write. `failure` is what went wrong where nobody asked for it.
 *
 * A rotation that is over stays so: what failed then was no more than the news of its end.
 */
export const handler = task({
  input: z.object({ tenantId: z.string(), rotationId: z.string(), failure: z.string().nullable() }),
  async run({ tenantId, rotationId, failure }, app) {
    const stored = await app.rotations.get(tenantId, rotationId)
    if (stored.status === 'rolling_back' || isOver(stored)) return
    const oldPolicy = await app.policies.get(tenantId, stored.oldPolicyId)
    const { newPolicy, cohort } = await createdBy(stored, app)
    const wave = await app.rotations.wave(tenantId, stored.rotationId, stored.currentWave)
    const step = rollBack(stored, oldPolicy, newPolicy, app.now())
    const rotation =
      failure === null ? step.rotation : { ...step.rotation, stateReason: `Stopped by a failure: ${failure}` }
    const aborted = wave?.state === 'active' ? { ...wave, state: 'aborted' as const, endedAt: app.now() } : undefined
    await app.rotations.rollBack({ ...step, rotation, cohort, wave: aborted })
    app.log.info('rotation rolled back', { tenantId, rotationId, isFailure: failure !== null })
  },
})
