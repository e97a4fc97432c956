import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect } from '@jest/globals'
import { findRuntime } from '../../cli/find-runtime.ts'
import { freePort } from '../../local/dynamodb/free-port.ts'
import {
  descriptionIn,
  newDataDir,
  type RuntimeProcess,
  startProcess,
  testWithProcess,
} from '../support/runtime-process.ts'

let dataDir: string
let runtime: RuntimeProcess | undefined

beforeEach(async () => {
  dataDir = await newDataDir()
})

afterEach(() => runtime?.end('SIGKILL'))

/** Starts a runtime on the directory; resolves to whether it runs. */
function start(port = 0): Promise<boolean> {
  runtime = startProcess(dataDir, ['--no-fleet', '--port', String(port)])
  return runtime.isUp
}

/** The processes that have a file of the directory on their command line. */
function processesOnIt(): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return all.filter((args) => args.includes(join(dataDir, 'dynamodb.sqlite')))
}

testWithProcess(
  'a runtime that is killed takes its database with it',
  async () => {
    expect(await start()).toBe(true)
    expect(processesOnIt()).not.toEqual([])

    await runtime?.end('SIGKILL')
    while (processesOnIt().length > 0) await pause(10)
  },
  30_000,
)

testWithProcess(
  'a runtime that is killed while it starts leaves nothing behind that keeps it from starting',
  async () => {
    for (const afterMs of [150, 300, 450, 600, 750]) {
      const isUp = start()
      await pause(afterMs)
      await runtime?.end('SIGKILL')
      await isUp
    }

    expect(await start()).toBe(true)
    expect(await runtime?.end('SIGTERM')).toBe(0)
  },
  60_000,
)

testWithProcess(
  'a runtime that was killed starts again at once, on the same port',
  async () => {
    const port = await freePort()
    for (const time of ['first', 'second', 'third']) {
      expect({ time, isUp: await start(port) }).toEqual({ time, isUp: true })
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
      await runtime?.end('SIGKILL')
    }
  },
  60_000,
)

testWithProcess(
  'where a runtime was is not taken for where one is',
  async () => {
    const workingDirectory = dirname(dataDir)
    const find = () => findRuntime({}, { environment: {}, workingDirectory })
    expect(await start()).toBe(true)
    expect(find()).toMatchObject({ endpoint: descriptionIn(dataDir)?.endpoint })

    await runtime?.end('SIGKILL')
    expect(descriptionIn(dataDir)).toBeDefined()
    expect(find).toThrow('No runtime is running here')

    expect(await start()).toBe(true)
    expect(find()).toMatchObject({ endpoint: descriptionIn(dataDir)?.endpoint })
    expect(descriptionIn(dataDir)?.pid).toBe(runtime?.pid)
  },
  30_000,
)
