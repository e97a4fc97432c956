import { z } from 'zod'
import { evaluateWait } from '../evaluate-rotation.ts'
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
  async run(input, app) {
    const wait = { ...input, sinceAt: app.now() }
    await app.rotations.setWait(wait)
    await evaluateWait(wait, app)
  },
})
