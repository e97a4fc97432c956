import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import type { TableResource } from '../template/deployment.ts'
import { differences, newIndexes } from './compare-table.ts'
import { attributeDefinitions, indexSpecification, keySchema, streamSpecification } from './table-specification.ts'

/**
 * Makes every table of the deployment exist with its indexes, stream and time-to-live attribute, and returns the
 * database's own ARN of each stream by the deployment's. An index or a stream that a table lacks is added; a table
 * whose keys are others is refused, for that can't be changed without losing what it holds.
 */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly TableResource[],
): Promise<ReadonlyMap<string, string>> {
  const streamArns = new Map<string, string>()
  for (const table of tables) {
    const { LatestStreamArn } = await ensureTable(client, table)
    if (table.streamArn && LatestStreamArn) streamArns.set(table.streamArn, LatestStreamArn)
    await ensureTimeToLive(client, table)
  }
  return streamArns
}

async function ensureTable(client: DynamoDBClient, table: TableResource): Promise<TableDescription> {
  const existing = await describe(client, table)
  if (!existing) return await createTable(client, table)
  const faults = differences(table, existing)
  if (faults.length > 0) {
    throw new Error(
      `Table '${table.name}' is kept with other keys: ${faults.join('; ')}. Start afresh to drop its data`,
    )
  }
  return await addWhatIsNew(client, table, existing)
}

async function createTable(client: DynamoDBClient, table: TableResource): Promise<TableDescription> {
  await client.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema(table.keySchema),
      AttributeDefinitions: attributeDefinitions(table),
      ...(table.indexes.length > 0 && { GlobalSecondaryIndexes: table.indexes.map(indexSpecification) }),
      ...(table.streamViewType && { StreamSpecification: streamSpecification(table) }),
    }),
  )
  return await settled(client, table)
}

async function addWhatIsNew(client: DynamoDBClient, table: TableResource, existing: TableDescription) {
  const changes = newIndexes(table, existing).map((index) => ({
    AttributeDefinitions: attributeDefinitions(table),
    GlobalSecondaryIndexUpdates: [{ Create: indexSpecification(index) }],
  }))
  const needsStream = table.streamViewType && !existing.StreamSpecification?.StreamEnabled
  const streams = needsStream ? [{ StreamSpecification: streamSpecification(table) }] : []
  for (const change of [...changes, ...streams]) {
    await client.send(new UpdateTableCommand({ TableName: table.name, ...change }))
    await settled(client, table)
  }
  return await settled(client, table)
}

async function settled(client: DynamoDBClient, table: TableResource): Promise<TableDescription> {
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 2 }, { TableName: table.name })
  const description = await describe(client, table)
  if (!description) throw new Error(`Table '${table.name}' vanished while it was being created`)
  return description
}

async function describe(client: DynamoDBClient, { name }: TableResource): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

async function ensureTimeToLive(client: DynamoDBClient, { name, ttlAttribute }: TableResource) {
  if (!ttlAttribute) return
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }))
  if (TimeToLiveDescription?.AttributeName === ttlAttribute) return
  const TimeToLiveSpecification = { AttributeName: ttlAttribute, Enabled: true }
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }))
}
