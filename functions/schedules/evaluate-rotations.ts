import { z } from 'zod'
import type { Rotation, RotationWait } from '../../domain/rotation.ts'
import type { App } from '../app.ts'
import { evaluateWait } from '../evaluate-rotation.ts'
import { task } from '../task.ts'

/** Looks at every rotation that waits for something, and starts those whose execution was never started. */
export const handler = task({
  input: z.unknown(),
  async run(_input, app) {
    for (const { tenantId } of await app.tenants.list()) {
      const waits = await app.rotations.openWaits(tenantId)
      for (const wait of waits) await evaluate(wait, app)
      for (const rotation of await notBegun(tenantId, app)) await app.executions.start(rotation)
    }
  },
})

/** One rotation that cannot be evaluated keeps no other from it. */
async function evaluate(wait: RotationWait, app: App): Promise<void> {
  const { tenantId, rotationId } = wait
  await evaluateWait(wait, app).catch((error: unknown) => {
    app.log.error('rotation not evaluated', { tenantId, rotationId, error: String(error) })
  })
}

/** Those whose execution may never have been started. One that was aborted meanwhile ends by its execution too. */
async function notBegun(tenantId: string, app: App): Promise<Rotation[]> {
  const { items } = await app.rotations.list(tenantId, { limit: 100 })
  return items.filter(({ status, currentWave }) => status === 'scheduled' || (status === 'aborting' && currentWave < 0))
}
