import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Shell } from './shell.ts'
import { UsageError } from './usage-error.ts'

/** How to reach an API, as administrator. */
export interface Connection {
  readonly endpoint: string
  readonly token: string
}

/**
 * The API that the options name, else the environment, else the runtime that was started from the working directory.
 *
 * @throws {UsageError} None of them does.
 */
export function findRuntime(
  options: Readonly<Partial<Connection>>,
  { environment, workingDirectory }: Pick<Shell, 'environment' | 'workingDirectory'>,
): Connection {
  const endpoint = options.endpoint ?? environment.RAMPART_ENDPOINT
  const token = options.token ?? environment.RAMPART_TOKEN
  if (endpoint !== undefined && token !== undefined) return { endpoint, token }
  const runtime = runningRuntime(join(workingDirectory, '.rampart', 'runtime.json'))
  if (runtime) return { endpoint: endpoint ?? runtime.endpoint, token: token ?? runtime.adminToken }
  const missing = endpoint === undefined ? '--endpoint or RAMPART_ENDPOINT' : '--token or RAMPART_TOKEN'
  throw new UsageError(`No runtime is running here; start one with npm start, or name one by ${missing}`)
}

const runtimeFile = z.object({ endpoint: z.string(), adminToken: z.string(), pid: z.number().optional() })

/** What the file says; undefined where it is missing, or was left behind by a runtime that was killed. */
function runningRuntime(path: string) {
  if (!existsSync(path)) return undefined
  const runtime = readRuntimeFile(path)
  return runtime.pid === undefined || isAlive(runtime.pid) ? runtime : undefined
}

function readRuntimeFile(path: string) {
  try {
    return runtimeFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new UsageError(`'${path}' does not tell where a runtime is; expected endpoint and adminToken`, { cause })
  }
}

/** Signal 0 reaches nobody, but fails where there is no such process. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
