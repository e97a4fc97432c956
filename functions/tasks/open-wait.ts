import { z } from 'zod'
import { evaluateRotation } from '../evaluate-rotation.ts'
import { task } from '../task.ts'

/** Keeps the token of a wait, and ends the wait at once where there is nothing to wait for. */
export const handler = task({
  input: z.object({
    tenantId: z.string(),
    rotationId: z.string(),
    wave: z.number(),
    kind: z.enum(['start', 'gate', 'decommission', 'rollback']),
    taskToken: z.string(),
  }),
  async run(wait, app) {
    await app.rotations.setWait({ ...wait, sinceAt: app.now() })
    await evaluateRotation(wait, app)
  },
})
