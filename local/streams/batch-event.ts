import type { StreamMappingResource } from '../template/deployment.ts'
import type { StreamRecord } from './stream-reader.ts'

/** Which batch an event is made of. */
export interface Batch {
  readonly shardId: string
  readonly mapping: StreamMappingResource
  readonly nowMs: number
}

/**
 * The event with which Lambda hands a batch of records to a function. With a tumbling window it also says which shard
 * and window the batch belongs to; the window's state is always empty, since no state is kept here between batches.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
export function batchEvent(records: readonly StreamRecord[], { shardId, mapping, nowMs }: Batch): unknown {
  const { streamArn: eventSourceARN, tumblingWindowSeconds } = mapping
  const Records = records.map((record) => ({ ...record, eventSourceARN }))
  if (tumblingWindowSeconds === undefined) return { Records }
  const windowMs = tumblingWindowSeconds * 1000
  const startMs = Math.floor(nowMs / windowMs) * windowMs
  return {
    Records,
    window: { start: instant(startMs), end: instant(startMs + windowMs) },
    state: {},
    shardId,
    eventSourceARN,
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  }
}

/** Whether a function's answer asks for state to be carried on to the window's next batch. */
export function keepsState(payload: unknown): boolean {
  const state = typeof payload === 'object' && payload !== null && 'state' in payload ? payload.state : undefined
  return Object.keys(state ?? {}).length > 0
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000', '')
}
