import { z } from 'zod'

/** A change of one item, as DynamoDB Streams and Lambda write it; what it says beyond this is passed on. */
export interface StreamRecord {
  readonly dynamodb: { readonly SequenceNumber: string }
}

/** Reads a stream shard by shard. */
export interface StreamReader {
  /** Every shard, a parent before its children. */
  shardIds(): Promise<string[]>
  /** An iterator at the start that a mapping begins with, or behind the record of that sequence number. */
  iterator(shardId: string, start: string): Promise<string>
  /** The records at an iterator; `next` is undefined at the end of a closed shard. */
  read(iterator: string): Promise<{ records: readonly StreamRecord[]; next: string | undefined }>
}

/** One operation of the DynamoDB Streams API, with the credentials of whoever reads; rejects where it is refused. */
export type StreamCall = (operation: string, input: object) => Promise<unknown>

/** A reader of the stream of that ARN. */
export function streamReader(streamArn: string, call: StreamCall): StreamReader {
  return {
    async shardIds() {
      const { StreamDescription } = description.parse(await call('DescribeStream', { StreamArn: streamArn }))
      return StreamDescription.Shards.map(({ ShardId }) => ShardId)
    },
    async iterator(shardId, start) {
      const isName = start === 'TRIM_HORIZON' || start === 'LATEST'
      const place = isName
        ? { ShardIteratorType: start }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: start }
      const answer = await call('GetShardIterator', { StreamArn: streamArn, ShardId: shardId, ...place })
      return shardIterator.parse(answer).ShardIterator
    },
    async read(iterator) {
      const { Records, NextShardIterator } = page.parse(await call('GetRecords', { ShardIterator: iterator }))
      return { records: Records, next: NextShardIterator ?? undefined }
    },
  }
}

const description = z.object({ StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }) })

const shardIterator = z.object({ ShardIterator: z.string() })

const page = z.object({
  Records: z.array(z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) })),
  NextShardIterator: z.string().nullish(),
})
