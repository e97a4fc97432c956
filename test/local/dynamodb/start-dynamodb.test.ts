import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, test } from '@jest/globals'
import { createTables } from '../../../local/dynamodb/create-tables.ts'
import { directClient } from '../../../local/dynamodb/direct-client.ts'
import { findDynoxide } from '../../../local/dynamodb/dynoxide.ts'
import { startDynamodb } from '../../../local/dynamodb/start-dynamodb.ts'
import { aTable } from '../gateway/small-deployment.ts'
import { describeWithDatabase } from './describe-with-database.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'rampart-dynamodb-'))
const key = (sk: number) => ({ pk: { S: 'device' }, sk: { S: String(sk) } })

afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('a platform without the binary is told what else to do', () => {
  expect(() => findDynoxide('plan9', 'mips')).toThrow(
    "the package '@dynoxide/plan9-mips' is not installed; set RAMPART_DYNAMODB_ENDPOINT",
  )
})

test('where an endpoint is named, it is used and nothing is started', async () => {
  const { endpoint, stop } = await startDynamodb({ dataDir, endpoint: 'http://127.0.0.1:8000' })

  expect(endpoint).toBe('http://127.0.0.1:8000')
  await stop()
})

describeWithDatabase('the database process', () => {
  test('loses no acknowledged write when it is killed, and comes back by itself', async () => {
    const { endpoint, stop } = await startDynamodb({ dataDir, endpoint: undefined })
    const client = directClient(endpoint, 'eu-west-1')
    await createTables(client, [aTable()])
    const acknowledged: number[] = []

    for (let sk = 0; sk < 120; sk++) {
      if (sk % 40 === 20) for (const pid of databasesIn(dataDir)) process.kill(pid, 'SIGKILL')
      await client.send(new PutItemCommand({ TableName: 'rampart-test', Item: key(sk) }))
      acknowledged.push(sk)
    }

    for (const sk of acknowledged) {
      const { Item } = await client.send(new GetItemCommand({ TableName: 'rampart-test', Key: key(sk) }))
      expect(Item).toEqual(key(sk))
    }
    await stop()
    expect(databasesIn(dataDir)).toEqual([])
  })

  test('does not outlive the process that started it, even one that is killed', async () => {
    const modulePath = join(import.meta.dirname, '../../../local/dynamodb/start-dynamodb.ts')
    const script = `import { startDynamodb } from ${JSON.stringify(modulePath)}
      console.log((await startDynamodb({ dataDir: ${JSON.stringify(dataDir)} })).endpoint)
      setInterval(() => {}, 1000)`
    const runtime = spawn(process.execPath, ['--input-type=module', '--eval', script])
    const [endpoint] = await once(runtime.stdout, 'data')
    expect(databasesIn(dataDir)).toHaveLength(1)

    runtime.kill('SIGKILL')

    while (await isAnswering(String(endpoint).trim())) await new Promise(setImmediate)
    expect(databasesIn(dataDir)).toEqual([])
  })
})

/** The databases that hold a file in `dir`, by process id; not the shells that guard them. */
function databasesIn(dir: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,comm=,args=']).toString().split('\n')
  return lines
    .filter((line) => /^\s*\d+ dynoxide /.test(line) && line.includes(dir))
    .map((line) => Number.parseInt(line, 10))
}

async function isAnswering(endpoint: string): Promise<boolean> {
  return await fetch(endpoint, { method: 'POST' }).then(
    () => true,
    () => false,
  )
}
