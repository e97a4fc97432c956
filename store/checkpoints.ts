import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { InvalidInputError } from '../domain/errors.ts'
import { ask } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Write } from './transact.ts'

/** How far a shard of the table's stream has been counted; undefined before its first record. */
export async function readCheckpoint({ client, table }: Connection, shardId: string): Promise<string | undefined> {
  const read = new GetCommand({ TableName: table, Key: keyOf(shardId), ConsistentRead: true })
  const { Item: { sequenceNumber } = {} } = await ask(client.send(read))
  return sequenceNumber === undefined ? undefined : String(sequenceNumber).replace(/^0+(?=\d)/, '')
}

/** Moves a shard's checkpoint on to `sequenceNumber`; with `after`, only from there, '0' being no checkpoint yet. */
export function moveCheckpoint(
  table: string,
  { shardId, sequenceNumber, after }: { shardId: string; sequenceNumber: string; after?: string | undefined },
): Write {
  const next = comparable(sequenceNumber)
  const from = after === undefined ? undefined : comparable(after)
  const isFirst = 'attribute_not_exists(sequenceNumber)'
  const lenient = `(${isFirst} OR sequenceNumber < :next)`
  const exact = from === noCheckpoint ? isFirst : 'sequenceNumber = :from AND sequenceNumber < :next'
  return {
    Update: {
      TableName: table,
      Key: keyOf(shardId),
      UpdateExpression: 'SET sequenceNumber = :next',
      ConditionExpression: from === undefined ? lenient : exact,
      ExpressionAttributeValues: { ':next': next, ...(from && from !== noCheckpoint && { ':from': from }) },
    },
  }
}

/** The longest that https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html allows. */
const digits = 40

const noCheckpoint = '0'.repeat(digits)

/** Sequence numbers differ in length; padded they compare as texts. */
function comparable(sequenceNumber: string): string {
  if (/^\d{1,40}$/.test(sequenceNumber)) return sequenceNumber.padStart(digits, '0')
  throw new InvalidInputError(`'${sequenceNumber}' is no sequence number; expected 1 to ${digits} digits`)
}

function keyOf(shardId: string) {
  return { pk: `checkpoint#${shardId}`, sk: 'checkpoint' }
}
