import { z } from 'zod'
import { prepare } from '../../domain/rotation-steps.ts'
import { task } from '../task.ts'

/** Creates what a rotation moves devices with: the new policy and the cohort, in which nobody is yet. */
export const handler = task({
  input: z.object({ tenantId: z.string(), rotationId: z.string() }),
  async run({ tenantId, rotationId }, app) {
    const rotation = await app.rotations.get(tenantId, rotationId)
    const lastWave = rotation.plan.waves.length
    if (rotation.status !== 'scheduled') return { lastWave }
    const oldPolicy = await app.policies.get(tenantId, rotation.oldPolicyId)
    const onboarding = await app.packages.get(tenantId, rotation.packageId)
    await app.rotations.prepare(prepare(rotation, oldPolicy, onboarding, app.now()))
    app.log.info('rotation prepared', { tenantId, rotationId })
    return { lastWave }
  },
})
