import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { afterEach, describe, expect, test } from '@jest/globals'
import { findDynoxide } from '../../local/dynamodb/dynoxide.ts'
import type { Runtime } from '../../local/runtime.ts'
import { toyApp } from './fixtures/toy-assembly.ts'
import {
  descriptionIn,
  newDataDir,
  putNote,
  spawnToy,
  startToy,
  stepFunctionsClient,
  storedSet,
  until,
} from './fixtures/toy-runtime.ts'

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Toy-App-Greeter'
const dayMs = 86_400_000
const running: Runtime[] = []

async function start(...options: Parameters<typeof startToy>): Promise<Runtime> {
  const runtime = await startToy(...options)
  running.push(runtime)
  return runtime
}

afterEach(async () => {
  for (const runtime of running.splice(0)) await runtime.close()
})

const describeWithDatabase = isDatabaseHere() ? describe : describe.skip

function isDatabaseHere(): boolean {
  try {
    findDynoxide()
    return true
  } catch (error) {
    console.warn(`The runtime is not tested: ${String(error)}`)
    return false
  }
}

describeWithDatabase('a runtime', () => {
  test('serves the routes of the template to those whom its authorizers let pass', async () => {
    const { endpoint, adminToken } = await start(newDataDir())
    const status = async (path: string, authorization = '') => {
      const answer = await fetch(`${endpoint}${path}`, { headers: { authorization } })
      return answer.status
    }

    expect(await status('/healthz')).toBe(200)
    expect(await status('/v1/notes/none')).toBe(401)
    expect(await status('/v1/notes/none', `Bearer ${adminToken}`)).toBe(404)
    expect(await status('/v1/device/mine', 'Device good')).toBe(200)
    expect(await status('/v1/device/mine', 'Device stolen')).toBe(403)
    expect(await status('/v1/device/mine')).toBe(401)
    expect(await status('/elsewhere', `Bearer ${adminToken}`)).toBe(404)
  })

  test('hands every change of the table to the function that the template maps to its stream', async () => {
    const dataDir = newDataDir()
    const runtime = await start(dataDir)
    const noteIds = Array.from({ length: 25 }, (_, index) => `n${index}`)

    for (const noteId of noteIds) expect(await putNote(runtime, noteId)).toBe(true)

    const counted = () => storedSet(descriptionIn(dataDir), 'counted', 'notes')
    const notes = await until(counted, ({ length }) => length === noteIds.length)
    expect(notes.sort()).toEqual(noteIds.map((noteId) => `note#${noteId}`).sort())
  })

  test('plays a wait of a day at once on a clock that skips idle time, and calls schedules meanwhile', async () => {
    const dataDir = newDataDir()
    const runtime = await start(dataDir, { clock: { kind: 'skip-idle' } })
    const client = stepFunctionsClient(descriptionIn(dataDir))
    const startedMs = runtime.clock.now()

    const input = JSON.stringify({ name: 'Ada' })
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }))
    await new Promise<void>((resolve) => runtime.clock.at(startedMs + 2 * dayMs, resolve))
    const { status, output } = await client.send(new DescribeExecutionCommand({ executionArn }))

    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: '{"greeting":"Hello Ada"}' })
    expect((await storedSet(descriptionIn(dataDir), 'ticks', 'ticks')).length).toBeGreaterThanOrEqual(47)
  })

  test('fails a call for which the role of the function has no permission', async () => {
    const app = toyApp()
    const policies = [{ PolicyName: 'None', PolicyDocument: { Version: '2012-10-17', Statement: [] } }]
    if (app.app.NotesRole) app.app.NotesRole.Properties.Policies = policies
    const runtime = await start(newDataDir(), { app })

    expect(await putNote(runtime, 'n1')).toBe(false)
  })

  test('answers with an internal error where API Gateway may not invoke the function of a route', async () => {
    const app = toyApp()
    delete app.app.HealthPermission
    const { endpoint } = await start(newDataDir(), { app })

    expect((await fetch(`${endpoint}/healthz`)).status).toBe(500)
  })

  test('refuses to map a stream to a function that may not read it', async () => {
    const app = toyApp()
    if (app.app.CountRole) app.app.CountRole.Properties.Policies = []

    await expect(start(newDataDir(), { app })).rejects.toThrow('not authorized to perform: dynamodb:DescribeStream')
  })

  test('tells its owner alone where it is, for as long as it runs', async () => {
    const dataDir = newDataDir()
    const runtime = await startToy(dataDir)

    expect(descriptionIn(dataDir)).toMatchObject({ endpoint: runtime.endpoint, pid: process.pid })
    expect(statSync(join(dataDir, 'runtime.json')).mode & 0o777).toBe(0o600)
    await runtime.close()
    expect(existsSync(join(dataDir, 'runtime.json'))).toBe(false)
  })

  test('refuses a second runtime on the same data directory', async () => {
    const dataDir = newDataDir()
    await start(dataDir)

    await expect(startToy(dataDir)).rejects.toThrow(`A runtime is running on '${dataDir}' (pid ${process.pid})`)
  })

  test('goes on where it was after it was closed', async () => {
    const dataDir = newDataDir()
    const first = await startToy(dataDir)
    await putNote(first, 'n1')
    await first.close()

    const { endpoint, adminToken } = await start(dataDir)
    const answer = await fetch(`${endpoint}/v1/notes/n1`, { headers: { authorization: `Bearer ${first.adminToken}` } })
    expect(await answer.text()).toBe('n1')
    expect(adminToken).not.toBe('')
  })

  test('loses nothing when it is killed again and again', async () => {
    const dataDir = newDataDir()
    const acknowledged: string[] = []
    const executions: (string | undefined)[] = []

    for (const round of [0, 1]) {
      const child = await spawnToy(dataDir)
      const at = descriptionIn(dataDir)
      const name = `round${round}`
      const execution = { stateMachineArn, name, input: JSON.stringify({ name }) }
      executions.push((await stepFunctionsClient(at).send(new StartExecutionCommand(execution))).executionArn)
      const writes = Array.from({ length: 40 }, async (_, index) => {
        const noteId = `${round}-${index}`
        if (await putNote(at, noteId)) acknowledged.push(`note#${noteId}`)
        if (index === 20) await child.end('SIGKILL')
      })
      await Promise.all(writes)
    }

    const last = await spawnToy(dataDir, 'skip-idle')
    const at = descriptionIn(dataDir)
    const isAllThere = (notes: string[]) => acknowledged.every((note) => notes.includes(note))
    await until(() => storedSet(at, 'counted', 'notes'), isAllThere)
    for (const executionArn of executions) {
      const ask = () => stepFunctionsClient(at).send(new DescribeExecutionCommand({ executionArn }))
      const { status } = await until(ask, (execution) => execution.status !== 'RUNNING')
      expect(status).toBe('SUCCEEDED')
    }
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(await last.end('SIGTERM')).toBe(0)
  })

  test('never sets its clock back, not even when it was killed', async () => {
    const dataDir = newDataDir()
    const child = await spawnToy(dataDir, 'skip-idle')
    const ticks = () => storedSet(descriptionIn(dataDir), 'ticks', 'ticks')
    const seen = await until(ticks, ({ length }) => length > 48)
    await child.end('SIGKILL')

    const again = await spawnToy(dataDir, 'skip-idle')
    const latestMs = Math.max(...seen.map((tick) => Date.parse(tick)))
    expect(again.nowMs).toBeGreaterThanOrEqual(latestMs)
    expect(await again.end('SIGTERM')).toBe(0)
  })
})
