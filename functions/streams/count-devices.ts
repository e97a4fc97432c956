import { z } from 'zod'
import { counterDeltas, type DeviceChange } from '../../domain/device-counters.ts'
import { readDeviceImage, type StreamValue } from '../../store/device-image.ts'
import type { App } from '../app.ts'
import { task } from '../task.ts'

/** A record of the table's stream, as far as counting needs it. */
interface ChangeRecord {
  readonly sequenceNumber: string
  readonly change: DeviceChange
}

const value: z.ZodType<StreamValue> = z.lazy(() =>
  z.object({
    S: z.string().optional(),
    N: z.string().optional(),
    BOOL: z.boolean().optional(),
    NULL: z.boolean().optional(),
    L: z.array(value).optional(),
    M: z.record(z.string(), value).optional(),
  }),
)

const image = z
  .record(z.string(), value)
  .transform((attributes) => readDeviceImage(attributes))
  .optional()

const record = z
  .object({ dynamodb: z.object({ SequenceNumber: z.string(), OldImage: image, NewImage: image }) })
  .transform(
    ({ dynamodb }): ChangeRecord => ({
      sequenceNumber: dynamodb.SequenceNumber,
      change: { before: dynamodb.OldImage, after: dynamodb.NewImage },
    }),
  )

/**
 * Keeps the counters. The deltas of a batch and the shard's checkpoint are one transaction, so a batch that is delivered
 * again, whole or in part, is counted once. The shard is named because the mapping has a tumbling window.
 */
export const handler = task({
  input: z.object({ shardId: z.string().min(1), Records: z.array(record) }),
  async run({ shardId, Records }, app) {
    const checkpoint = (await app.counters.checkpoint(shardId)) ?? '0'
    const uncounted = Records.filter(({ sequenceNumber }) => BigInt(sequenceNumber) > BigInt(checkpoint))
    await count(shardId, checkpoint, uncounted, app)
    return { state: {} }
  },
})

/** The most counters that one transaction can move besides the checkpoint. */
const maximumDeltas = 99

/** Counts the records that follow on `after`, unless somebody else has counted further meanwhile. */
async function count(shardId: string, after: string, records: readonly ChangeRecord[], app: App): Promise<void> {
  const last = records.at(-1)
  if (!last) return
  const deltas = counterDeltas(records.map(({ change }) => change))
  if (deltas.length <= maximumDeltas) {
    await app.counters.apply(shardId, last.sequenceNumber, deltas, after)
    return
  }
  const half = Math.ceil(records.length / 2)
  const [first, second] = [records.slice(0, half), records.slice(half)]
  await count(shardId, after, first, app)
  await count(shardId, first.at(-1)?.sequenceNumber ?? after, second, app)
}
