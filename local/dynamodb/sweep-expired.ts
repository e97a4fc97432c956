import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb'
import type { TableResource } from '../template/deployment.ts'

/** DynamoDB leaves alone what expired longer ago; it takes such a number for a mistake. */
const oldestExpirySeconds = 5 * 365 * 24 * 3600

/**
 * Deletes the items of `table` whose time-to-live attribute was reached by `nowMs`, as DynamoDB does within a few days
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html), and returns how many.
 * An item whose expiry was put off meanwhile stays, so any number of sweeps may run at once.
 */
export async function sweepExpired(client: DynamoDBClient, table: TableResource, nowMs: number): Promise<number> {
  if (!table.ttlAttribute) return 0
  const expired = expiry(table.ttlAttribute, nowMs)
  const names = table.keySchema.map(({ name }, at) => [`#key${at}`, name] as const)
  const scan = {
    TableName: table.name,
    FilterExpression: expired.condition,
    ExpressionAttributeValues: expired.values,
    ProjectionExpression: names.map(([placeholder]) => placeholder).join(),
    ExpressionAttributeNames: { ...expired.names, ...Object.fromEntries(names) },
  }
  let deleted = 0
  for await (const { Items = [] } of paginateScan({ client }, scan)) {
    for (const key of Items) if (await deleteExpired(client, table.name, key, expired)) deleted++
  }
  return deleted
}

interface Expiry {
  readonly condition: string
  readonly names: Record<string, string>
  readonly values: Record<string, AttributeValue>
}

function expiry(attribute: string, nowMs: number): Expiry {
  const nowSeconds = Math.floor(nowMs / 1000)
  return {
    condition: '#ttl BETWEEN :oldest AND :now',
    names: { '#ttl': attribute },
    values: { ':oldest': { N: String(nowSeconds - oldestExpirySeconds) }, ':now': { N: String(nowSeconds) } },
  }
}

async function deleteExpired(client: DynamoDBClient, table: string, key: Record<string, AttributeValue>, is: Expiry) {
  const command = new DeleteItemCommand({
    TableName: table,
    Key: key,
    ConditionExpression: is.condition,
    ExpressionAttributeNames: is.names,
    ExpressionAttributeValues: is.values,
  })
  try {
    await client.send(command)
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
