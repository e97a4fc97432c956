import type { Clock } from '../clock.ts'
import type { Invoke } from '../functions/invocation.ts'
import type { StreamMappingResource } from '../template/deployment.ts'
import { batchEvent, keepsState } from './batch-event.ts'
import { filterOf } from './filter-pattern.ts'
import type { Positions } from './positions.ts'
import type { StreamReader, StreamRecord } from './stream-reader.ts'

/** What a stream mapping needs of its surroundings. */
export interface StreamMappingOptions {
  readonly mapping: StreamMappingResource
  readonly reader: StreamReader
  readonly positions: Positions
  readonly clock: Clock
  readonly invoke: Invoke
  readonly onProblem: (message: string, error: unknown) => void
}

/** Hands a stream's records to a function: in order within a shard, each at least once. */
export interface StreamMapping {
  /** Says that the stream may hold something new, which is then read when the batching window is over. */
  readonly notice: () => void
  /** Hands on all that the stream holds by now; whether there was anything. */
  readonly drain: () => Promise<boolean>
}

/**
 * The stream mapping of a template. A batch that fails is tried again until it succeeds, at growing intervals, and in
 * halves where the mapping bisects; what comes after it in the shard waits.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function streamMapping(options: StreamMappingOptions): StreamMapping {
  const { mapping, reader, clock, onProblem } = options
  const shards = new Map<string, ShardPump>()
  let mayHoldMore = true
  let isWakeSet = false
  let failures = 0
  let retryAtMs = 0
  let underWay: Promise<boolean> | undefined

  async function pumpAll(): Promise<boolean> {
    let didWork = false
    while (mayHoldMore && clock.now() >= retryAtMs) {
      mayHoldMore = false
      try {
        for (const shardId of await reader.shardIds()) didWork = (await pumpOf(shardId)()) || didWork
        failures = 0
      } catch (error) {
        backOff(error)
      }
    }
    return didWork
  }

  function pumpOf(shardId: string): ShardPump {
    const pump = shards.get(shardId) ?? shardPump(shardId, options)
    shards.set(shardId, pump)
    return pump
  }

  function backOff(error: unknown) {
    const delayMs = Math.min(1000 * 2 ** failures++, 60_000)
    onProblem(
      `The stream's records could not be handed to '${mapping.functionArn}'; trying again in ${delayMs} ms`,
      error,
    )
    mayHoldMore = true
    retryAtMs = clock.now() + delayMs
    clock.at(retryAtMs, () => void drain())
  }

  function drain(): Promise<boolean> {
    underWay ??= clock.track(pumpAll()).finally(() => {
      underWay = undefined
    })
    return underWay
  }

  return {
    drain,
    notice() {
      mayHoldMore = true
      if (isWakeSet) return
      isWakeSet = true
      clock.at(clock.now() + mapping.batchingWindowSeconds * 1000, () => {
        isWakeSet = false
        void drain()
      })
    },
  }
}

/** Hands on what one shard holds; whether there was anything. Rejects where the function fails. */
type ShardPump = () => Promise<boolean>

function shardPump(shardId: string, { mapping, reader, positions, clock, invoke }: StreamMappingOptions): ShardPump {
  const isWanted = filterOf(mapping.filterPatterns)
  let iterator: string | undefined
  let isFinished = false
  let limit = mapping.batchSize

  async function pump(): Promise<boolean> {
    let didWork = false
    while (!isFinished) {
      iterator ??= await reader.iterator(shardId, positions.get(mapping.mappingId, shardId) ?? mapping.startingPosition)
      const { records, next } = await reader.read(iterator)
      if (records.length === 0 && next !== undefined) return didWork
      await handOn(records)
      iterator = next
      isFinished = next === undefined
      didWork ||= records.length > 0
    }
    return didWork
  }

  /** Splits the records where a batch is full; what the filter passes over goes with the batch before it. */
  async function handOn(records: readonly StreamRecord[]) {
    let from = 0
    while (from < records.length) {
      const batch: StreamRecord[] = []
      let to = from
      for (; to < records.length && batch.length < limit; to++) {
        const record = records[to]
        if (record && isWanted(record)) batch.push(record)
      }
      if (batch.length > 0) await invokeWith(batch)
      positions.set(mapping.mappingId, shardId, sequenceNumberOf(records[to - 1]))
      from = to
    }
  }

  async function invokeWith(batch: readonly StreamRecord[]) {
    const outcome = await invoke(mapping.functionArn, batchEvent(batch, { shardId, mapping, nowMs: clock.now() }))
    if (outcome.kind === 'success') {
      if (keepsState(outcome.payload)) throw new Error('The function returned window state, which is not supported')
      limit = Math.min(mapping.batchSize, 2 * limit)
      return
    }
    if (mapping.bisectsOnError) limit = Math.max(1, Math.floor(batch.length / 2))
    throw new Error(`${outcome.error.errorType}: ${outcome.error.errorMessage}`)
  }

  return async () => {
    try {
      return await pump()
    } catch (error) {
      iterator = undefined
      throw error
    }
  }
}

function sequenceNumberOf(record: StreamRecord | undefined): string {
  if (!record) throw new Error('A stream record without a sequence number was read')
  return record.dynamodb.SequenceNumber
}
