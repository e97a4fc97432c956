import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, test } from '@jest/globals'
import { z } from 'zod'
import { installedBinary } from './dynamodb.ts'
import { sharedAssembly } from './runtime.ts'

/** What `npm start` runs, in a process of its own, which can be killed. */
export interface RuntimeProcess {
  readonly pid: number
  /** Whether it came to say that it runs; false where it ended before. */
  readonly isUp: Promise<boolean>
  /** What it wrote on the terminal so far. */
  output(): string
  /** Ends it, however far it is; resolves to its exit code. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

const projectDir = join(import.meta.dirname, '../..')
const program = join(projectDir, 'local/start.ts')
/** Halves the time that a start takes. */
const compileCache = join(projectDir, 'node_modules/.cache/node-compile')

/** Starts the program with these options on the data directory. */
export function startProcess(dataDir: string, options: readonly string[]): RuntimeProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache }
  const child = spawn(process.execPath, [program, '--data-dir', dataDir, ...options], { env })
  let output = ''
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null))
  const isUp = new Promise<boolean>((resolve) => {
    const listen = (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('Rampart runs at')) resolve(true)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    void ended.then(() => resolve(false))
  })
  return {
    pid: child.pid ?? 0,
    isUp,
    output: () => output,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** A test that starts the program; skipped where there is no database for it. */
export const testWithProcess = installedBinary() ? test : test.skip

const parents: string[] = []

/** A new data directory, with the project synthesized already, as after an earlier start; it goes with the tests. */
export async function newDataDir(): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), 'rampart-crash-'))
  const dataDir = join(parent, '.rampart')
  parents.push(parent)
  const assemblyDir = await sharedAssembly()
  cpSync(assemblyDir, join(dataDir, 'cdk.out'), { recursive: true })
  cpSync(join(dirname(assemblyDir), 'cdk.digest'), join(dataDir, 'cdk.digest'))
  return dataDir
}

afterAll(() => {
  for (const parent of parents) rmSync(parent, { recursive: true, force: true })
})

const description = z.object({
  endpoint: z.string(),
  adminToken: z.string(),
  dynamodbEndpoint: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  pid: z.number(),
})

/** What the runtime says of itself; undefined before it answers. */
export function descriptionIn(dataDir: string): z.output<typeof description> | undefined {
  const text = textOf(join(dataDir, 'runtime.json'))
  return text === undefined ? undefined : description.parse(JSON.parse(text))
}

/** How many changes of the table the runtime has counted so far: how far its work has come. */
export function workDone(dataDir: string): number {
  const text = textOf(join(dataDir, 'streams.json')) ?? '{}'
  return Math.max(0, ...Object.values(positions.parse(JSON.parse(text))))
}

/** The text of a file that the runtime may remove at any moment. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const positions = z.record(z.string(), z.coerce.number())
