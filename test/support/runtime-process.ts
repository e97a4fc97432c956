import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
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

/** A new data directory, with the project synthesized already, as after an earlier start. */
export async function newDataDir(): Promise<string> {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'rampart-crash-')), '.rampart')
  const assemblyDir = await sharedAssembly()
  cpSync(assemblyDir, join(dataDir, 'cdk.out'), { recursive: true })
  cpSync(join(dirname(assemblyDir), 'cdk.digest'), join(dataDir, 'cdk.digest'))
  return dataDir
}

const description = z.object({
  endpoint: z.string(),
  adminToken: z.string(),
  dynamodbEndpoint: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  pid: z.number(),
})

/** What the runtime says of itself; undefined before it answered for the first time. */
export function descriptionIn(dataDir: string): z.output<typeof description> | undefined {
  const path = join(dataDir, 'runtime.json')
  return existsSync(path) ? description.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined
}

/** How many changes of the table the runtime has counted so far: how far its work has come. */
export function workDone(dataDir: string): number {
  const path = join(dataDir, 'streams.json')
  if (!existsSync(path)) return 0
  return Math.max(0, ...Object.values(positions.parse(JSON.parse(readFileSync(path, 'utf8')))))
}

const positions = z.record(z.string(), z.coerce.number())
