import { once } from 'node:events'
import { createServer } from 'node:http'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test } from '@jest/globals'
import { ask } from '../../store/ask.ts'
import { createStores } from '../../store/stores.ts'
import { aDevice, aPolicy } from './records.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** The stores over a database that answers everything alike. */
async function storesThatGet(status: number, body: Record<string, unknown>) {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
    maxAttempts: 1,
  })
  closers.push(() => {
    client.destroy()
    server.close()
  })
  return createStores({ client, tableName: 'rampart' })
}

const exception = (name: string) => ({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'said so' })
const policy = aPolicy({ tenantId: 'contoso' })

test('a change that another transaction gets in the way of can be tried again', async () => {
  const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }]
  const stores = await storesThatGet(400, { ...exception('TransactionCanceledException'), CancellationReasons })

  await expect(stores.policies.create(policy)).rejects.toMatchObject({
    name: 'UnavailableError',
    message: "The database could not take the change now ('TransactionConflict'); retry",
  })
})

test('a condition that does not hold counts before a conflict', async () => {
  const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'TransactionConflict' }]
  const stores = await storesThatGet(400, { ...exception('TransactionCanceledException'), CancellationReasons })

  await expect(stores.policies.create(policy)).rejects.toMatchObject({ name: 'RefusedError' })
})

test.each([
  [400, 'ThrottlingException'],
  [400, 'ProvisionedThroughputExceededException'],
  [400, 'TransactionConflictException'],
  [500, 'InternalServerError'],
])('%i %s means that the database is unavailable now', async (status, name) => {
  const stores = await storesThatGet(status, exception(name))
  const calls = [
    () => stores.policies.get('contoso', 'policy-1'),
    () => stores.policies.list('contoso', { limit: 1 }),
    () => stores.policies.create(policy),
    () => stores.devices.save(aDevice({ tenantId: 'contoso' })),
    () => stores.counters.get('contoso', { kind: 'tenant' }),
  ]

  for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'UnavailableError' })
})

test('a database that is not there is unavailable', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:8000'), { code: 'ECONNREFUSED' })

  await expect(ask(Promise.reject(refused))).rejects.toMatchObject({
    name: 'UnavailableError',
    message: "The database did not answer ('ECONNREFUSED'); retry",
    cause: refused,
  })
})

test("what is wrong for good is the database's own error", async () => {
  const stores = await storesThatGet(400, exception('AccessDeniedException'))

  await expect(stores.policies.get('contoso', 'policy-1')).rejects.toMatchObject({ name: 'AccessDeniedException' })
  await expect(stores.policies.create(policy)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})
