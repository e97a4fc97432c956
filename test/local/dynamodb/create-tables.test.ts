import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { createTables } from '../../../local/dynamodb/create-tables.ts'
import { directClient } from '../../../local/dynamodb/direct-client.ts'
import { type Dynamodb, startDynamodb } from '../../../local/dynamodb/start-dynamodb.ts'
import { anIndex, aTable, streamArn } from '../gateway/small-deployment.ts'
import { describeWithDatabase } from './describe-with-database.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'rampart-tables-'))
const withSecondIndex = aTable({
  indexes: [anIndex('gsi1'), anIndex('gsi2')],
  attributes: ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'].map((name) => ({ name, type: 'S' })),
})

describeWithDatabase('the tables of a deployment', () => {
  let database: Dynamodb
  let client: DynamoDBClient

  beforeAll(async () => {
    database = await startDynamodb({ dataDir })
    client = directClient(database.endpoint, 'eu-west-1')
  })
  afterEach(async () => void (await client.send(new DeleteTableCommand({ TableName: 'rampart-test' }))))
  afterAll(async () => {
    await database.stop()
    rmSync(dataDir, { recursive: true })
  })

  test('are created with their keys, indexes, stream and time-to-live attribute', async () => {
    await createTables(client, [aTable()])

    expect(await describedTable()).toMatchObject({
      KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
      GlobalSecondaryIndexes: [{ IndexName: 'gsi1', Projection: { ProjectionType: 'KEYS_ONLY' } }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    })
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'rampart-test' }))
    expect(TimeToLiveDescription?.AttributeName).toBe('expiresAtSeconds')
  })

  test('are left as they are when they are there already', async () => {
    const streams = await createTables(client, [aTable()])

    expect(streams.get(streamArn)).toContain('/stream/')
    expect(await createTables(client, [aTable()])).toEqual(streams)
  })

  test('get an index or a stream that the deployment has since added', async () => {
    await createTables(client, [aTable({ streamViewType: undefined, streamArn: undefined })])

    const streams = await createTables(client, [withSecondIndex])

    const { GlobalSecondaryIndexes = [] } = await describedTable()
    expect(new Set(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName))).toEqual(new Set(['gsi1', 'gsi2']))
    expect(streams.size).toBe(1)
  })

  test('are refused, rather than dropped, when their keys have become others', async () => {
    await createTables(client, [aTable()])
    const [index] = [anIndex('gsi9')].map(({ keySchema }) => ({ ...anIndex('gsi1'), keySchema }))
    if (!index) throw new Error('no index')

    await expect(createTables(client, [aTable({ indexes: [index] })])).rejects.toThrow(
      "Table 'rampart-test' is kept with other keys: the key of index 'gsi1' is gsi1pk (HASH), gsi1sk (RANGE), " +
        "the deployment's is gsi9pk (HASH), gsi9sk (RANGE)",
    )
  })

  async function describedTable() {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'rampart-test' }))
    if (!Table) throw new Error('The table is not there')
    return Table
  }
})
