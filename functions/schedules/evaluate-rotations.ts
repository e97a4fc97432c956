import { z } from 'zod'
import type { Rotation, RotationWait } from '../../domain/rotation.ts'
import { allRotations } from '../all-rotations.ts'
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
      for await (const rotation of allRotations(tenantId, app)) {
        if (isNotBegun(rotation)) await app.executions.start(rotation)
      }
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

/** Whether its execution may never have been started. One that was aborted meanwhile ends by its execution too. */
function isNotBegun({ status, currentWave }: Rotation): boolean {
  return status === 'scheduled' || (status === 'aborting' && currentWave < 0)
}
