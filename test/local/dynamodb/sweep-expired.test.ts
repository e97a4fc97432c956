import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startClock } from '../../../local/clock.ts'
import { directClient } from '../../../local/dynamodb/direct-client.ts'
import { scheduleSweeps } from '../../../local/dynamodb/schedule-sweeps.ts'
import { sweepExpired } from '../../../local/dynamodb/sweep-expired.ts'
import { aDatabase, type Database } from '../gateway/running-gateway.ts'
import { aTable } from '../gateway/small-deployment.ts'
import { describeWithDatabase } from './describe-with-database.ts'

const nowSeconds = 1_800_000_000
const yearSeconds = 365 * 24 * 3600

describeWithDatabase('a sweep of expired items', () => {
  let database: Database
  const client = () => directClient(database.endpoint, 'eu-west-1')

  beforeAll(async () => {
    database = await aDatabase()
  })
  afterAll(() => database.close())

  test('deletes what has expired and leaves everything else', async () => {
    await put('expired', { N: String(nowSeconds - 1) })
    await put('expiring now', { N: String(nowSeconds) })
    await put('fresh', { N: String(nowSeconds + 1) })
    await put('expired too long ago to be true', { N: String(nowSeconds - 6 * yearSeconds) })
    await put('expiry is no number', { S: '5' })
    await put('never expires')

    expect(await sweepExpired(client(), aTable(), nowSeconds * 1000)).toBe(2)

    const others = ['expired too long ago to be true', 'expiry is no number', 'fresh', 'never expires']
    expect(await left()).toEqual(new Set(others))
  })

  test('may run beside others: each item is deleted once', async () => {
    for (let at = 0; at < 20; at++) await put(`token ${at}`, { N: String(nowSeconds - at) })

    const deleted = await Promise.all([1, 2, 3].map(() => sweepExpired(client(), aTable(), nowSeconds * 1000)))

    expect([...(await left())]).not.toContainEqual(expect.stringContaining('token'))
    expect(deleted.reduce((sum, count) => sum + count)).toBe(20)
  })

  test('comes round by the clock', async () => {
    await put('short-lived', { N: String(nowSeconds + 60) })
    const clock = startClock({ kind: 'skip-idle' }, nowSeconds * 1000)

    const end = scheduleSweeps(client(), [aTable()], clock)

    while ((await client().send(new GetItemCommand({ TableName: 'rampart-test', Key: key('short-lived') }))).Item) {}
    end()
    clock.stop()
    expect(clock.now()).toBeGreaterThan((nowSeconds + 60) * 1000)
  })

  const key = (sk: string) => ({ pk: { S: 'item' }, sk: { S: sk } })

  async function put(sk: string, expiresAtSeconds?: { N: string } | { S: string }) {
    const Item = { ...key(sk), ...(expiresAtSeconds && { expiresAtSeconds }) }
    await client().send(new PutItemCommand({ TableName: 'rampart-test', Item }))
  }

  async function left() {
    const { Items = [] } = await client().send(new ScanCommand({ TableName: 'rampart-test' }))
    return new Set(Items.map(({ sk }) => sk?.S))
  }
})
