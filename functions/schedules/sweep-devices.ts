import { z } from 'zod'
import { StaleRevisionError } from '../../domain/errors.ts'
import { sweepDevice } from '../../domain/sweep-device.ts'
import type { App } from '../app.ts'
import { task } from '../task.ts'

/** Notices silence: devices that let a deadline pass since they were last heard of. */
export const handler = task({
  input: z.unknown(),
  async run(_input, app) {
    for (const { tenantId } of await app.tenants.list()) {
      const swept = await sweepTenant(tenantId, app)
      if (swept > 0) app.log.info('devices swept', { tenantId, swept })
    }
  },
})

const batchSize = 100
const maximumBatches = 20

async function sweepTenant(tenantId: string, app: App): Promise<number> {
  let swept = 0
  for (let batch = 0; batch < maximumBatches; batch++) {
    const deviceIds = await app.devices.dueForAttention(tenantId, app.now(), batchSize)
    for (const deviceId of deviceIds) await sweep(tenantId, deviceId, app)
    swept += deviceIds.length
    if (deviceIds.length < batchSize) break
  }
  return swept
}

/** A device that checks in at the same moment needs no sweeping. */
async function sweep(tenantId: string, deviceId: string, app: App): Promise<void> {
  const swept = sweepDevice(await app.devices.get(tenantId, deviceId), app.now())
  if (!swept) return
  await app.devices.save(swept).catch((error: unknown) => {
    if (!(error instanceof StaleRevisionError)) throw error
  })
}
