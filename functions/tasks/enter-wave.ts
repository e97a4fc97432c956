import { z } from 'zod'
import { enterWave } from '../../domain/rotation-steps.ts'
import { devicesInScope } from '../devices-in-scope.ts'
import { cohortOf } from '../rotation-records.ts'
import { task } from '../task.ts'

/** Moves a wave's devices to the new policy in one write, unless the rotation was paused or aborted meanwhile. */
export const handler = task({
  input: z.object({ tenantId: z.string(), rotationId: z.string(), wave: z.number(), executionArn: z.string() }),
  async run({ tenantId, rotationId, wave, executionArn }, app) {
    if (await app.rotations.wave(tenantId, rotationId, wave)) return { hasEntered: true }
    const rotation = await app.rotations.get(tenantId, rotationId)
    if (rotation.status !== 'running') return { hasEntered: false }
    const cohort = await cohortOf(rotation, app)
    const validation = await app.groups.get(tenantId, rotation.plan.validationGroupId)
    const validationDevices = validation.kind === 'static' ? validation.memberCount : 0
    const scopeDevices = (await devicesInScope(rotation, app)).reachable
    const entry = { rotation, cohort, wave, executionArn, scopeDevices, validationDevices, now: app.now() }
    await app.rotations.enterWave(enterWave(entry))
    app.log.info('wave entered', { tenantId, rotationId, wave, scopeDevices })
    return { hasEntered: true }
  },
})
