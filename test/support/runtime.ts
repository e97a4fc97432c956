import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals'
import { type Runtime, startRuntime } from '../../local/runtime.ts'
import { synthesize } from '../../local/template/synthesize.ts'
import { createStores, type Stores } from '../../store/stores.ts'
import { type Api, apiOf } from './api.ts'
import { installedBinary, readContents } from './dynamodb.ts'
import { type HeldTime, holdTime } from './held-time.ts'

/** Everything that is deployed, running in this process, whose time passes only when a test says so. */
export interface TestRuntime extends HeldTime {
  readonly runtime: Runtime
  readonly dataDir: string
  /** The stores of whoever owns the machine: to do what the API does not let anybody do. */
  readonly stores: Stores
  /** A new tenant's operator. */
  newOperator(): Promise<Operator>
  /** The API for nobody in particular, or for whoever the header names. */
  api(authorization?: string): Api
  /** Takes an item out of the table behind everybody's back. */
  removeItem(pk: string, sk: string): Promise<void>
  /** Everything in the table, by key, to compare what was before with what is after. */
  contents(): Promise<Record<string, unknown>>
  /** What the runtime and the functions logged so far. */
  log(): string
  /** Stops the runtime. What it keeps stays. */
  close(): Promise<void>
}

/** Who works for a tenant. */
export interface Operator extends Api {
  readonly tenantId: string
}

/**
 * Tests that share a runtime. No function may try meanwhile what its role does not allow, not even where that goes
 * unnoticed.
 */
export function describeWithRuntime(title: string, tests: (at: () => TestRuntime) => void): void {
  describeWhereItRuns(title, () => {
    let started: TestRuntime | undefined
    beforeAll(async () => {
      started = await startTestRuntime()
    })
    afterAll(async () => {
      if (!started) return
      await started.close()
      expect(started.log().match(/is not authorized to perform: \S+/g)).toBeNull()
    })
    tests(() => started ?? noRuntime())
  })
}

/** Tests that start runtimes: they are skipped where there is no database to run on. */
export function describeWhereItRuns(title: string, tests: () => void): void {
  jest.setTimeout(120_000)
  const describeHere = installedBinary() ? describe : describe.skip
  describeHere(title, () => {
    tests()
    afterAll(async () => {
      for (const runtime of runtimes.splice(0)) await runtime.close()
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
    })
  })
}

const runtimes: Runtime[] = []
const directories: string[] = []

/** A new directory, for as long as the tests run that ask for it. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rampart-'))
  directories.push(directory)
  return directory
}

/** Starts a runtime, by default on a new directory. */
export async function startTestRuntime({
  dataDir = newDirectory(),
  assemblyDir,
}: {
  readonly dataDir?: string
  readonly assemblyDir?: string
} = {}): Promise<TestRuntime> {
  const options = { dataDir, port: 0, clock: { kind: 'skip-idle' } } as const
  const assembly = assemblyDir ?? (await sharedAssembly())
  startAfterSchedules(join(dataDir, 'clock'))
  const runtime = await startRuntime({ ...options, assemblyDir: assembly })
  const time = holdTime(runtime.clock)
  runtimes.push(runtime)
  const { endpoint, gatewayEndpoint, credentials, deployment, issueToken } = runtime
  const client = new DynamoDBClient({ endpoint: gatewayEndpoint, credentials, region: deployment.region })
  const tableName = deployment.tables[0]?.name ?? ''
  const stores = createStores({ client, tableName })
  let tenants = 0
  return {
    ...time,
    runtime,
    dataDir,
    stores,
    async newOperator() {
      const tenantId = `tenant-${++tenants}`
      await stores.tenants.create({ tenantId, name: tenantId, createdAt: time.now() })
      const token = await issueToken({ sub: `${tenantId}-operator`, tenant_id: tenantId, roles: [] }, yearSeconds)
      return { tenantId, ...apiOf(endpoint, `Bearer ${token}`) }
    },
    api: (authorization = '') => apiOf(endpoint, authorization),
    async removeItem(pk, sk) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: { pk: { S: pk }, sk: { S: sk } } }))
    },
    contents: () => readContents(client, tableName),
    log: () => readFileSync(join(dataDir, 'runtime.log'), 'utf8'),
    async close() {
      client.destroy()
      await runtime.close()
      time.letGo()
    },
  }
}

/** Schedules run at every full hour, or more often: a new runtime begins a minute after one, so that all go alike. */
function startAfterSchedules(clockPath: string): void {
  const [minuteMs, hourMs] = [60_000, 3_600_000]
  if (!existsSync(clockPath)) writeFileSync(clockPath, String(Math.ceil(Date.now() / hourMs) * hourMs + minuteMs))
}

const yearSeconds = 365 * 24 * 3600
const projectDir = resolve(import.meta.dirname, '../..')
const cacheDir = join(projectDir, 'node_modules/.cache/rampart-test')

/** The project's assembly, synthesized by the first who needs it; others wait for that. */
export async function sharedAssembly(): Promise<string> {
  mkdirSync(cacheDir, { recursive: true })
  const lock = new DatabaseSync(join(cacheDir, 'lock.sqlite'))
  try {
    lock.exec('PRAGMA busy_timeout = 60000; BEGIN EXCLUSIVE')
    return await synthesize({ projectDir, dataDir: cacheDir })
  } finally {
    lock.close()
  }
}

function noRuntime(): never {
  throw new Error('There is no runtime outside of a test')
}
