import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { CreateTableCommand, type DynamoDBClient, ScalarAttributeType } from '@aws-sdk/client-dynamodb'
import { paginateScan } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { directClient } from '../../local/dynamodb/direct-client.ts'
import { findDynoxide } from '../../local/dynamodb/dynoxide.ts'
import { freePort } from '../../local/dynamodb/free-port.ts'
import { connect } from '../../store/connection.ts'
import { createStores, type Stores } from '../../store/stores.ts'
import { table as layout } from '../../store/table.ts'

/** A table of its own, in memory, in a real DynamoDB-compatible server. */
export interface TestTable {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly stores: Stores
  /** Everything in the table, by key, to compare what was before with what is after. */
  contents(): Promise<Record<string, unknown>>
}

/** Tests that need a table: they get one when they run, and are skipped where no server is installed. */
export function describeWithTable(title: string, tests: (table: () => TestTable) => void): void {
  const binary = installedBinary()
  if (!binary) {
    describe.skip(title, () => tests(noTable))
    return
  }
  describe(title, () => {
    let started: { table: TestTable; stop(): Promise<void> } | undefined
    beforeAll(async () => {
      started = await startTable(binary)
    })
    afterAll(() => started?.stop())
    tests(() => started?.table ?? noTable())
  })
}

/** The database server; where none is installed, says why tests are skipped. */
export function installedBinary(): string | undefined {
  try {
    return findDynoxide()
  } catch (error) {
    process.stderr.write(`Skipped: the tests that need DynamoDB. ${String(error)}\n`)
    return undefined
  }
}

function noTable(): never {
  throw new Error('There is no table outside of a test')
}

async function startTable(binary: string) {
  const port = await freePort()
  const server = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killWithParent = () => server.kill('SIGKILL')
  process.once('exit', killWithParent)
  await once(server.stderr, 'data')
  server.stderr.resume()
  const client = directClient(`http://127.0.0.1:${port}`, 'eu-west-1')
  const tableName = 'rampart-test'
  await client.send(new CreateTableCommand(tableSpecification(tableName)))
  return {
    table: {
      client,
      tableName,
      stores: createStores({ client, tableName }),
      contents: () => readContents(client, tableName),
    },
    async stop() {
      client.destroy()
      await end(server)
      process.off('exit', killWithParent)
    },
  }
}

async function end(server: ChildProcess) {
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
}

function tableSpecification(TableName: string) {
  const { partitionKey, sortKey, indexes } = layout
  const indexKeys = indexes.flatMap((index) => [`${index}pk`, `${index}sk`])
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [partitionKey, sortKey, ...indexKeys].map((AttributeName) => ({
      AttributeName,
      AttributeType: ScalarAttributeType.S,
    })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: indexes.map((IndexName) => ({
      IndexName,
      KeySchema: keySchema(`${IndexName}pk`, `${IndexName}sk`),
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    })),
  }
}

function keySchema(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ]
}

/** Everything in a table, by key. */
export async function readContents(client: DynamoDBClient, tableName: string): Promise<Record<string, unknown>> {
  const { client: documents, table } = connect(client, tableName)
  const contents: Record<string, unknown> = {}
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: table, ConsistentRead: true })) {
    for (const stored of Items) contents[`${stored.pk} ${stored.sk}`] = stored
  }
  return contents
}
