import { randomUUID } from 'node:crypto'
import type { Edges } from '../../functions/app.ts'
import type { Clock } from '../clock.ts'
import type { RuntimeLog } from '../runtime-log.ts'
import type { FunctionResource } from '../template/deployment.ts'
import type { FunctionError, Invoke, Outcome } from './invocation.ts'
import { type LoadedFunction, loadFunction } from './load-function.ts'

/** What the functions need of their surroundings. */
export interface LocalFunctionsOptions {
  readonly functions: readonly FunctionResource[]
  /** The folder of their source files. */
  readonly sources: string
  readonly clock: Clock
  readonly log: RuntimeLog
  /** The AWS clients of a function, with its own credentials. */
  readonly clientsOf: (resource: FunctionResource) => Omit<Edges, 'now' | 'log'>
  /** Whether the function's role may write to its log group, which Lambda asks at every invocation. */
  readonly mayLog: (resource: FunctionResource) => boolean
}

export interface LocalFunctions {
  readonly invoke: Invoke
  /** Loads the code of every function; fails where one can't be loaded. */
  readonly preload: () => Promise<void>
  /** Resolves when every invocation that is under way has ended. */
  readonly settled: () => Promise<void>
}

/** Runs the functions of a deployment in this process. */
export function localFunctions({
  functions,
  sources,
  clock,
  log,
  clientsOf,
  mayLog,
}: LocalFunctionsOptions): LocalFunctions {
  const byArn = new Map(functions.map((resource) => [resource.arn, resource]))
  const loaded = new Map<string, Promise<LoadedFunction>>()
  const apps = new Map<string, unknown>()
  const underWay = new Set<Promise<Outcome>>()

  function load({ entry }: FunctionResource): Promise<LoadedFunction> {
    const loading = loaded.get(entry) ?? loadFunction(sources, entry)
    loaded.set(entry, loading)
    return loading
  }

  /** Made at the first invocation: to make every function's app takes longer than all the rest of a start. */
  function appOf(resource: FunctionResource, { createApp }: LoadedFunction): unknown {
    const app = apps.get(resource.arn) ?? createApp(resource.environment, edgesOf(resource))
    apps.set(resource.arn, app)
    return app
  }

  function edgesOf(resource: FunctionResource): Edges {
    const write: Edges['log'] = (line) => {
      if (mayLog(resource)) log.write({ function: resource.entry, ...line })
    }
    return { ...clientsOf(resource), now: () => clock.now(), log: write }
  }

  async function run(resource: FunctionResource, event: unknown): Promise<Outcome> {
    const requestId = randomUUID()
    const isLogged = mayLog(resource)
    try {
      const code = await load(resource)
      const running = code.run(asJson(event), appOf(resource, code))
      const payload = asJson(await withinSeconds(resource.timeoutSeconds, running, requestId))
      return { kind: 'success', payload, requestId }
    } catch (error) {
      const answer = functionError(error)
      if (isLogged) log.write({ level: 'error', function: resource.entry, requestId, ...answer })
      return { kind: 'functionError', error: answer, requestId }
    }
  }

  return {
    async invoke(functionArn, event) {
      const resource = byArn.get(functionArn) ?? byArn.get(withoutQualifier(functionArn))
      if (!resource) throw new Error(`No function of the template has the ARN '${functionArn}'`)
      const running = clock.track(run(resource, event))
      underWay.add(running)
      return running.finally(() => underWay.delete(running))
    },
    preload: async () => {
      await Promise.all(functions.map(load))
    },
    settled: async () => {
      await Promise.all(underWay)
    },
  }
}

/** A function timed out; Lambda's own name for it. */
class TimeoutError extends Error {
  override readonly name = 'Sandbox.Timedout'
}

/** Fails like Lambda when the time is up. What the function has under way then goes on: a thread can't be frozen. */
function withinSeconds<T>(seconds: number, work: Promise<T>, requestId: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => {
      reject(new TimeoutError(`RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`))
    }
    const timer = setTimeout(expire, seconds * 1000)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** What is left of a value on its way through JSON, as between Lambda and its callers; nothing shared is left either. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}

function functionError(error: unknown): FunctionError {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: [] }
    : { errorType: typeof error, errorMessage: String(error), trace: [] }
}

/** An ARN may name a version or an alias at its end; here is only one. */
function withoutQualifier(arn: string): string {
  return arn.replace(/^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+):[^:]+$/, '$1')
}
