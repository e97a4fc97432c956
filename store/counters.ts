import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { CounterDelta, CounterScope } from '../domain/device-counters.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { ask } from './ask.ts'
import { moveCheckpoint, readCheckpoint } from './checkpoints.ts'
import type { Connection } from './connection.ts'
import { table as layout } from './table.ts'
import { type Write, writeAll } from './transact.ts'

export interface Counters {
  /** The counters of one scope by their names; those that nothing was ever added to are not there. */
  get(tenantId: string, scope: CounterScope): Promise<Readonly<Record<string, number>>>
  /**
   * Adds the deltas, at most 99, and moves the shard's checkpoint to `sequenceNumber` in one transaction. Returns
   * false, changing nothing, where the checkpoint is there already or past it.
   *
   * With `after`, the checkpoint must moreover still be that one, '0' being none yet: so it is exact however the
   * stretches of the stream that several callers count overlap.
   */
  apply(shardId: string, sequenceNumber: string, deltas: readonly CounterDelta[], after?: string): Promise<boolean>
  /** The sequence number of the last record of the shard that was counted; undefined before the first. */
  checkpoint(shardId: string): Promise<string | undefined>
}

/** A transaction takes 100 writes, and one is the checkpoint's. */
const maximumDeltas = 99

/** What no counter can be named. */
const keyNames = new Set<string>([layout.partitionKey, layout.sortKey])

/** The store of counters. Their names are data, so their items are made without a model. */
export function counterStore(connection: Connection): Counters {
  const { client, table } = connection
  return {
    async get(tenantId, scope) {
      const read = new GetCommand({ TableName: table, Key: keyOf(tenantId, scope), ConsistentRead: true })
      const { Item: stored = {} } = await ask(client.send(read))
      return Object.fromEntries(Object.entries(stored).filter(([name]) => !keyNames.has(name)))
    },

    async apply(shardId, sequenceNumber, deltas, after) {
      const adds = mergeByKey(deltas).map((delta) => addWrite(table, delta))
      if (adds.length > maximumDeltas) {
        throw new InvalidInputError(`${adds.length} deltas are too many for one change; expected ${maximumDeltas}`)
      }
      const move = moveCheckpoint(table, { shardId, sequenceNumber, after })
      return (await writeAll(connection, [move, ...adds])) === undefined
    },

    checkpoint: (shardId) => readCheckpoint(connection, shardId),
  }
}

interface Addition {
  readonly key: ReturnType<typeof keyOf>
  readonly changes: Map<string, number>
}

/** One addition for each item that changes, for a transaction writes an item once. */
function mergeByKey(deltas: readonly CounterDelta[]): Addition[] {
  const additions = new Map<string, Addition>()
  for (const { tenantId, scope, changes } of deltas) {
    const key = keyOf(tenantId, scope)
    const place = JSON.stringify(key)
    const addition = additions.get(place) ?? { key, changes: new Map() }
    additions.set(place, addition)
    for (const [name, change] of Object.entries(changes)) {
      addition.changes.set(name, (addition.changes.get(name) ?? 0) + change)
    }
  }
  return [...additions.values()].map(withoutZeros).filter(({ changes }) => changes.size > 0)
}

function withoutZeros({ key, changes }: Addition): Addition {
  return { key, changes: new Map([...changes].filter(([, change]) => change !== 0)) }
}

function addWrite(table: string, { key, changes }: Addition): Write {
  const entries = [...changes].map(([name, change], index) => ({ name: checkName(name), change, at: index }))
  return {
    Update: {
      TableName: table,
      Key: key,
      UpdateExpression: `ADD ${entries.map(({ at }) => `#name${at} :change${at}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(entries.map(({ name, at }) => [`#name${at}`, name])),
      ExpressionAttributeValues: Object.fromEntries(entries.map(({ change, at }) => [`:change${at}`, change])),
    },
  }
}

function checkName(name: string): string {
  if (!keyNames.has(name)) return name
  throw new InvalidInputError(`'${name}' can't name a counter; it is a key of the table`)
}

function keyOf(tenantId: string, scope: CounterScope) {
  return { pk: `tenant#${tenantId}#counters`, sk: sortKeyOf(scope) }
}

function sortKeyOf(scope: CounterScope): string {
  switch (scope.kind) {
    case 'tenant':
      return 'tenant'
    case 'policy':
      return `policy#${scope.policyId}`
    case 'wave':
      return `wave#${scope.rotationId}#${String(scope.wave).padStart(2, '0')}`
    case 'rotation':
      return `rotation#${scope.rotationId}`
  }
}
