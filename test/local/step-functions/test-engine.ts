import { type Clock, startClock } from '../../../local/clock.ts'
import {
  type FunctionAnswer,
  type FunctionCall,
  openStepFunctions,
  type StepFunctions,
  type StepFunctionsOptions,
} from '../../../local/step-functions/engine.ts'

export const roleArn = 'arn:aws:iam::123456789012:role/workflows'

/** When clocks of tests start. */
export const startMs = Date.parse('2027-03-01T08:00:00.000Z')

type TestFunction = (payload: Payload, call: FunctionCall) => unknown

export interface Payload {
  readonly [key: string]: unknown
}

/** What became of an execution. */
export interface Outcome {
  readonly executionArn: string
  readonly status: string
  readonly output?: unknown
  readonly error?: string
  readonly cause?: string
  readonly events: readonly HistoryEvent[]
  /** The types of its events, in order. */
  readonly types: readonly string[]
}

export interface HistoryEvent {
  readonly id: number
  readonly previousEventId: number
  readonly timestamp: number
  readonly type: string
}

/** A failure that a function reports. */
export class FunctionFailure extends Error {
  constructor(errorType: string, message = 'it failed') {
    super(message)
    this.name = errorType
  }
}

export interface TestEngine extends StepFunctions {
  create(states: object, machine?: object): Promise<string>
  start(stateMachineArn: string, input?: unknown, name?: string): Promise<string>
  /** Creates a machine, runs it to its end, and gives what became of it. */
  run(states: object, input?: unknown, machine?: object): Promise<Outcome>
  outcomeOf(executionArn: string): Promise<Outcome>
}

/** An engine whose clock skips idle time, in memory unless told otherwise, with functions by name. */
export function anEngine(
  functions: Readonly<Record<string, TestFunction>> = {},
  options: Partial<StepFunctionsOptions> = {},
): TestEngine {
  const clock = options.clock ?? startClock({ kind: 'skip-idle' }, startMs)
  const engine = openStepFunctions({
    journalPath: ':memory:',
    clock,
    region: 'eu-west-1',
    accountId: '123456789012',
    invokeFunction: (call) => invoke(functions, call),
    ...options,
  })
  let machineCount = 0

  const described = async (executionArn: string) => {
    for (;;) {
      const execution = record(await engine.call('DescribeExecution', { executionArn }))
      if (execution.status !== 'RUNNING') return execution
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const harness = {
    async create(states: object, machine: object = {}) {
      const definition = JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: Object.keys(states)[0],
        States: states,
        ...machine,
      })
      const answer = await engine.call('CreateStateMachine', { name: `machine-${++machineCount}`, definition, roleArn })
      return String(record(answer).stateMachineArn)
    },
    async start(stateMachineArn: string, input: unknown = {}, name?: string) {
      const answer = await engine.call('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) })
      return String(record(answer).executionArn)
    },
    async run(states: object, input?: unknown, machine?: object) {
      return harness.outcomeOf(await harness.start(await harness.create(states, machine), input))
    },
    async outcomeOf(executionArn: string): Promise<Outcome> {
      const { status, output, error, cause } = await described(executionArn)
      const events = await historyOf(engine, executionArn)
      return {
        executionArn,
        status: String(status),
        ...(typeof output === 'string' && { output: JSON.parse(output) }),
        ...(typeof error === 'string' && { error }),
        ...(typeof cause === 'string' && { cause }),
        events,
        types: events.map(({ type }) => type),
      }
    },
  }
  return { ...engine, ...harness }
}

/** The whole history of an execution. */
async function historyOf(engine: StepFunctions, executionArn: string): Promise<HistoryEvent[]> {
  const { events } = record(await engine.call('GetExecutionHistory', { executionArn, maxResults: 1000 }))
  return Array.isArray(events) ? events : []
}

/** The details of the first event of the given type. */
export function detailsOf({ events }: Pick<Outcome, 'events'>, type: string): Readonly<Record<string, unknown>> {
  const event = events.find((candidate) => candidate.type === type)
  const key = Object.keys(event ?? {}).find((name) => name.endsWith('EventDetails')) ?? ''
  return record(record(event ?? {})[key] ?? {})
}

/** A Task state that calls the function of the given name. */
export function aTask(functionName: string, fields: object = {}): object {
  const Arguments = { FunctionName: functionName, Payload: '{% $states.input %}' }
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments, ...fields }
}

/** A clock that stands still until it is moved. */
export interface StillClock extends Clock {
  advance(seconds: number): Promise<void>
}

export function stillClock(): StillClock {
  let nowMs = startMs
  let timers: { timeMs: number; wake: () => void }[] = []
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    now: () => nowMs,
    at(timeMs, wake) {
      const timer = { timeMs, wake }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    async advance(seconds) {
      const endMs = nowMs + seconds * 1000
      for (;;) {
        await settle()
        const next = timers.toSorted((a, b) => a.timeMs - b.timeMs)[0]
        if (!next || next.timeMs > endMs) break
        timers = timers.filter((other) => other !== next)
        nowMs = Math.max(nowMs, next.timeMs)
        next.wake()
      }
      nowMs = endMs
    },
    track: (work) => work,
    beforeSkip() {},
    stop() {},
  }
}

/** `value` as an object whose fields may be looked at. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

async function invoke(functions: Readonly<Record<string, TestFunction>>, call: FunctionCall): Promise<FunctionAnswer> {
  const run = functions[call.functionName]
  if (!run)
    return {
      kind: 'serviceError',
      error: 'Lambda.ResourceNotFoundException',
      cause: `No function '${call.functionName}'`,
    }
  try {
    return { kind: 'success', payload: await run(record(call.payload), call) }
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error
    const { name: errorType, message: errorMessage } = error
    return { kind: 'functionError', errorType, cause: JSON.stringify({ errorType, errorMessage }) }
  }
}
