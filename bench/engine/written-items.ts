import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams'
import type { Runtime } from '../../local/runtime.ts'

/** One item that was written, as the table's own stream tells. */
export interface WrittenItem {
  /** The kind of record; undefined for counters and checkpoints. */
  readonly entity: string | undefined
  /** Of a wait, what for. */
  readonly waitKind: string | undefined
  /** Of a wait, a decision or a wave: which wave. */
  readonly wave: number | undefined
}

/** Begins to watch the table; the returned function gives all that was written since then, whoever wrote it. */
export async function watchWrites({ deployment, gatewayEndpoint: endpoint, credentials }: Runtime) {
  const StreamArn = deployment.tables[0]?.streamArn
  const client = new DynamoDBStreamsClient({ endpoint, credentials, region: deployment.region })
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }))
  const iterators = await Promise.all(
    (StreamDescription?.Shards ?? []).map(async ({ ShardId }) => {
      const place = { StreamArn, ShardId, ShardIteratorType: 'LATEST' } as const
      return (await client.send(new GetShardIteratorCommand(place))).ShardIterator
    }),
  )
  return async (): Promise<WrittenItem[]> => {
    const records = await Promise.all(iterators.map((iterator) => readToEnd(client, iterator)))
    client.destroy()
    return records.flat().map(itemOf)
  }
}

async function readToEnd(client: DynamoDBStreamsClient, start: string | undefined): Promise<StreamRecord[]> {
  const found: StreamRecord[] = []
  for (let iterator = start; iterator; ) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }))
    found.push(...Records)
    if (Records.length === 0) break
    iterator = NextShardIterator
  }
  return found
}

function itemOf({ dynamodb: { NewImage, OldImage } = {} }: StreamRecord): WrittenItem {
  const image = NewImage ?? OldImage ?? {}
  const wave = image.wave?.N
  return {
    entity: image.__edb_e__?.S,
    waitKind: image.kind?.S,
    wave: wave === undefined ? undefined : Number(wave),
  }
}
