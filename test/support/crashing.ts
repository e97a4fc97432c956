import { KMSClient } from '@aws-sdk/client-kms'
import { SFNClient } from '@aws-sdk/client-sfn'
import { type App, createApp } from '../../functions/app.ts'
import type { Executions } from '../../functions/executions.ts'
import type { TestTable } from './dynamodb.ts'

/** Where a process is killed: at an effect, counted from 1, just before it or once it has been made. */
export interface CrashPoint {
  readonly effect: number
  readonly side: 'before' | 'after'
}

/** The process that made an effect is no more. */
export class CrashError extends Error {
  override readonly name = 'CrashError'
}

/** Counts effects, and crashes at the one that it is told to. */
export interface Crashing {
  /** Makes an effect, unless it crashes before that. */
  make<T>(effect: () => Promise<T>): Promise<T>
  /** Counts from 1 again, and crashes at that point, once. */
  begin(point?: CrashPoint): void
  /** How many effects were made since then. */
  made(): number
}

/** Nothing crashes until it is told to. */
export function crashing(): Crashing {
  let effects = 0
  let crash: CrashPoint | undefined
  return {
    async make(effect) {
      const at = ++effects === crash?.effect ? crash.side : undefined
      if (at) crash = undefined
      if (at === 'before') throw new CrashError(`Killed before effect ${effects}`)
      const result = await effect()
      if (at === 'after') throw new CrashError(`Killed after effect ${effects}`)
      return result
    },
    begin(point) {
      effects = 0
      crash = point
    },
    made: () => effects,
  }
}

/** Makes every write to the table an effect. */
export function crashAtWrites({ client }: TestTable, { make }: Crashing): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) =>
        /^(Put|Update|Delete|TransactWrite|BatchWrite)/.test(commandName) ? make(() => next(args)) : next(args),
    { step: 'initialize', name: 'crashAtWrites' },
  )
}

/** The app of a function on that table, with the executions given. */
export function appOn({ client, tableName }: TestTable, now: () => number, executions: Executions): App {
  const [kms, stepFunctions] = [new KMSClient(), new SFNClient()]
  const edges = { now, log: () => undefined, dynamodb: client, kms, stepFunctions }
  return Object.assign(createApp({ TABLE_NAME: tableName }, edges), { executions })
}

/** Executions of which only the waits matter: who answers an open one ends it. */
export interface Waiting extends Executions {
  open(taskToken: string): void
  isOpen(taskToken: string): boolean
  /** What was started and answered since this was last called, in order: ids, and tokens with their answers. */
  take(): string[]
}

/** Executions that are started, and answered, as effects. */
export function waitingExecutions({ make }: Crashing): Waiting {
  const openTokens = new Set<string>()
  const answers: string[] = []
  const unused = () => Promise.reject(new Error('No task of a rotation reads executions'))
  return {
    open: (taskToken) => void openTokens.add(taskToken),
    isOpen: (taskToken) => openTokens.has(taskToken),
    take: () => answers.splice(0),
    arnFor: (rotationId) => `arn:aws:states:eu-west-1:123456789012:execution:PayloadRotation:${rotationId}`,
    start: ({ rotationId }) =>
      make(async () => {
        if (!answers.includes(rotationId)) answers.push(rotationId)
      }),
    answer: (taskToken, output) =>
      make(async () => {
        if (openTokens.delete(taskToken)) answers.push(`${taskToken}: ${JSON.stringify(output)}`)
      }),
    describe: unused,
    history: unused,
  }
}
