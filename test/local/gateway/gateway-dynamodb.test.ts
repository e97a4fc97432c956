import {
  BatchGetItemCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { PolicyStatement } from '../../../local/template/deployment.ts'
import { describeWithDatabase } from '../dynamodb/describe-with-database.ts'
import { aDatabase, aGateway, type Database } from './running-gateway.ts'
import { allow, streamArn, tableArn } from './small-deployment.ts'

const TableName = 'rampart-test'
const key = (pk: string, sk = 'policy') => ({ pk: { S: pk }, sk: { S: sk } })
const put = (pk: string, sk?: string) =>
  new PutItemCommand({ TableName, Item: { ...key(pk, sk), gsi1pk: { S: pk }, gsi1sk: { S: 'x' } } })
const get = (pk: string) => new GetItemCommand({ TableName, Key: key(pk) })
const query = (pk: string, IndexName?: string) => {
  const names = { '#key': IndexName ? `${IndexName}pk` : 'pk' }
  const values = { ':pk': { S: pk } }
  const expression = { ExpressionAttributeNames: names, ExpressionAttributeValues: values }
  return new QueryCommand({ TableName, IndexName, KeyConditionExpression: '#key = :pk', ...expression })
}
const denied = (what: string) =>
  expect.objectContaining({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      `assumed-role/ListPoliciesRole/ListPolicies is not authorized to perform: ${what}`,
    ),
    $metadata: expect.objectContaining({ httpStatusCode: 400 }),
  })

describeWithDatabase('a function that calls DynamoDB', () => {
  let database: Database
  const open: (() => void)[] = []
  const having = (...statements: PolicyStatement[]) => {
    const running = aGateway(database, statements)
    open.push(running.close)
    return { ...running, dynamodb: running.ofFunction.dynamodb }
  }

  beforeAll(async () => {
    database = await aDatabase()
  })
  afterAll(async () => {
    for (const close of open) close()
    await database.close()
  })

  test('reads and writes as its role allows', async () => {
    const { dynamodb } = having(allow(['dynamodb:PutItem', 'dynamodb:GetItem'], tableArn))

    await dynamodb.send(put('allowed'))

    expect((await dynamodb.send(get('allowed'))).Item).toMatchObject(key('allowed'))
  })

  test('is denied an action that its role lacks', async () => {
    const { dynamodb } = having(allow('dynamodb:GetItem', tableArn))

    await expect(dynamodb.send(put('denied'))).rejects.toEqual(denied(`dynamodb:PutItem on resource: ${tableArn}`))
  })

  test('is denied a table that its role does not name', async () => {
    const { dynamodb } = having(allow('dynamodb:*', `${tableArn}-of-others`))

    await expect(dynamodb.send(get('any'))).rejects.toEqual(denied(`dynamodb:GetItem on resource: ${tableArn}`))
  })

  test('needs a grant on the index to query an index', async () => {
    const { dynamodb } = having(allow('dynamodb:Query', tableArn))
    const both = having(allow('dynamodb:Query', [tableArn, `${tableArn}/index/gsi1`]))

    await dynamodb.send(query('any'))
    await expect(dynamodb.send(query('any', 'gsi1'))).rejects.toEqual(
      denied(`dynamodb:Query on resource: ${tableArn}/index/gsi1`),
    )
    await both.dynamodb.send(query('any', 'gsi1'))
    expect(both.authorizer.usage()).toMatchObject([{ unusedResources: [tableArn] }])
  })

  test('needs BatchGetItem to read a batch, whatever else it may read', async () => {
    const { dynamodb } = having(allow('dynamodb:GetItem', tableArn))
    const batch = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('a'), key('b')] } } })

    await expect(dynamodb.send(batch)).rejects.toEqual(denied('dynamodb:BatchGetItem'))
  })

  test('changes nothing by a transaction of which one part is denied', async () => {
    const { dynamodb, ofRuntime } = having(allow(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], tableArn))
    const parts = [{ Put: { TableName, Item: key('half') } }, { Delete: { TableName, Key: key('other') } }]

    const transaction = dynamodb.send(new TransactWriteItemsCommand({ TransactItems: parts }))

    await expect(transaction).rejects.toEqual(denied('dynamodb:DeleteItem'))
    expect((await ofRuntime.dynamodb.send(get('half'))).Item).toBeUndefined()
  })

  test('is told by the database itself why a write was refused', async () => {
    const { dynamodb } = having(allow(['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], tableArn))
    const isThere = { ConditionExpression: 'attribute_exists(pk)' }
    const check = { ConditionCheck: { TableName, Key: key('nowhere'), ...isThere } }
    const parts = [{ Put: { TableName, Item: key('half') } }, check]

    const transaction = await dynamodb
      .send(new TransactWriteItemsCommand({ TransactItems: parts }))
      .catch((error) => error)
    const write = await dynamodb
      .send(new PutItemCommand({ TableName, Item: key('x'), ...isThere }))
      .catch((error) => error)

    expect(transaction).toBeInstanceOf(TransactionCanceledException)
    expect(transaction.CancellationReasons).toMatchObject([{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }])
    expect(write).toMatchObject({ name: 'ConditionalCheckFailedException', message: 'The conditional request failed' })
  })

  test('that is kept to the leading keys of one tenant reaches no other by any operation', async () => {
    const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['contoso'] } }
    const { dynamodb } = having(allow('dynamodb:*', [tableArn, `${tableArn}/index/*`], { Condition }))
    const read = (...tenants: string[]) => {
      const Keys = tenants.map((tenant) => key(tenant))
      return dynamodb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }))
    }
    const transact = (tenant: string) => {
      const TransactItems = [{ Put: { TableName, Item: key(tenant, 'transacted') } }]
      return dynamodb.send(new TransactWriteItemsCommand({ TransactItems }))
    }
    const callsOn = (tenant: string) => [
      dynamodb.send(put(tenant)),
      dynamodb.send(get(tenant)),
      dynamodb.send(query(tenant)),
      dynamodb.send(query(tenant, 'gsi1')),
      transact(tenant),
      read(tenant),
    ]

    await Promise.all(callsOn('contoso'))
    const foreign = await Promise.allSettled([...callsOn('fabrikam'), read('contoso', 'fabrikam')])
    expect(foreign).toEqual(foreign.map(() => ({ status: 'rejected', reason: denied('dynamodb:') })))
  })

  test('is refused an operation that the gateway can not judge, by name; the runtime is not', async () => {
    const { dynamodb, ofRuntime } = having(allow('dynamodb:*', '*'))
    const partiql = new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}"` })

    await expect(dynamodb.send(partiql)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: "The operation 'ExecuteStatement' of DynamoDB_20120810 is not supported here",
    })
    await ofRuntime.dynamodb.send(partiql)
  })

  test('with no statement at all may do nothing; the runtime may do anything', async () => {
    const { dynamodb, ofRuntime } = having()
    const scan = new ScanCommand({ TableName })
    const describe = new DescribeTableCommand({ TableName })

    await expect(dynamodb.send(scan)).rejects.toEqual(denied('dynamodb:Scan'))
    await expect(dynamodb.send(describe)).rejects.toEqual(denied('dynamodb:DescribeTable'))
    await ofRuntime.dynamodb.send(scan)
    await ofRuntime.dynamodb.send(describe)
  })

  test('announces each write that may have changed something, and no other', async () => {
    const { dynamodb, gateway } = having(allow(['dynamodb:PutItem', 'dynamodb:GetItem'], tableArn))
    const heard: number[] = []
    const end = gateway.onWrite(TableName, () => heard.push(gateway.writesTo(TableName)))
    const impossible = new PutItemCommand({
      TableName,
      Item: key('x'),
      ConditionExpression: 'attribute_exists(nothing)',
    })

    await dynamodb.send(put('announced'))
    await dynamodb.send(get('announced'))
    await dynamodb.send(impossible).catch(() => {})
    await dynamodb.send(put('announced'))
    end()
    await dynamodb.send(put('announced'))

    expect(heard).toEqual([1, 2])
    expect(gateway.writesTo(TableName)).toBe(3)
  })

  test("reads the table's stream under the ARN that the deployment gives it", async () => {
    const grants = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']
    const { ofFunction, ofRuntime, authorizer } = having(allow(grants, streamArn))
    await ofRuntime.dynamodb.send(put('streamed'))

    const records = await readStream(ofFunction.streams)

    expect(records.map(({ dynamodb: record }) => record?.Keys)).toContainEqual(key('streamed'))
    expect(authorizer.usage()).toMatchObject([{ unusedActions: [] }])
  })

  test('is denied the records of a stream that its role does not name, even with an iterator', async () => {
    const { ofFunction, ofRuntime } = having(allow(['dynamodb:DescribeStream', 'dynamodb:GetShardIterator'], streamArn))
    const ShardIterator = await firstIterator(ofRuntime.streams)

    await expect(readStream(ofFunction.streams)).rejects.toEqual(
      denied(`dynamodb:GetRecords on resource: ${streamArn}`),
    )
    await expect(ofFunction.streams.send(new GetRecordsCommand({ ShardIterator }))).rejects.toEqual(
      denied('dynamodb:GetRecords'),
    )
  })
})

async function firstIterator(streams: DynamoDBStreamsClient) {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }))
  expect(StreamDescription?.StreamArn).toBe(streamArn)
  const [shard] = StreamDescription?.Shards ?? []
  const start = { StreamArn: streamArn, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
  return (await streams.send(new GetShardIteratorCommand(start))).ShardIterator
}

/** Every record, two at a time. */
async function readStream(streams: DynamoDBStreamsClient) {
  const records = []
  let ShardIterator = await firstIterator(streams)
  for (;;) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 2 }))
    if (Records.length === 0) return records
    records.push(...Records)
    ShardIterator = NextShardIterator
  }
}
