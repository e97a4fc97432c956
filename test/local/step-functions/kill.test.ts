import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { record, roleArn } from './test-engine.ts'

const serve = join(import.meta.dirname, '../../../local/step-functions/serve.ts')
const dataDir = mkdtempSync(join(tmpdir(), 'step-functions-'))
const calls: string[] = []
let functions: Server
let running: ChildProcess | undefined

beforeAll(async () => {
  functions = createServer((request, response) => {
    request.on('data', (chunk) => calls.push(String(chunk)))
    setTimeout(() => response.end('"done"'), 15)
  })
  await new Promise<void>((resolve) => functions.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  running?.kill('SIGKILL')
  functions.closeAllConnections()
  functions.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts the engine on the data folder of this test and gives its endpoint. */
async function startEngine(): Promise<string> {
  const address = functions.address()
  const lambda = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const options = ['--port', '0', '--lambda-endpoint', lambda, '--data-dir', dataDir]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', serve, ...options])
  running = child
  const [line] = await once(child.stdout, 'data')
  return JSON.parse(String(line)).endpoint
}

async function stopEngine(signal: NodeJS.Signals): Promise<number | null> {
  const child = running
  if (!child) return null
  const exited = once(child, 'exit')
  child.kill(signal)
  const [code] = await exited
  return code
}

async function call(endpoint: string, operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'x-amz-target': `AWSStepFunctions.${operation}`, 'content-type': 'application/x-amz-json-1.0' }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
  return record(await response.json())
}

const task = (name: string, fields: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'work', Payload: { task: name, run: '{% $run %}' } },
  Output: '{% $states.result.Payload %}',
  ...fields,
})
const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Set',
  States: {
    Set: { Type: 'Pass', Assign: { run: '{% $uuid() %}' }, Next: 'One' },
    One: task('one', { Next: 'Rest' }),
    Rest: { Type: 'Wait', Seconds: 1, Next: 'Each' },
    Each: {
      Type: 'Map',
      Items: [1, 2, 3],
      MaxConcurrency: 2,
      ItemProcessor: { StartAt: 'Two', States: { Two: task('two', { End: true }) } },
      Output: '{% $run %}',
      End: true,
    },
  },
})

test('an engine that is killed again and again finishes every execution that it has acknowledged', async () => {
  let endpoint = await startEngine()
  const { stateMachineArn } = await call(endpoint, 'CreateStateMachine', { name: 'killed', definition, roleArn })
  const arns: string[] = []
  for (const pauseMs of [0, 5, 20, 60, 700, 1100]) {
    for (let at = 0; at < 3; at++) {
      const { executionArn } = await call(endpoint, 'StartExecution', { stateMachineArn })
      arns.push(String(executionArn))
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    await stopEngine('SIGKILL')
    endpoint = await startEngine()
  }

  for (const executionArn of arns) {
    let execution = await call(endpoint, 'DescribeExecution', { executionArn })
    while (execution.status === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, 50))
      execution = await call(endpoint, 'DescribeExecution', { executionArn })
    }
    const { events } = await call(endpoint, 'GetExecutionHistory', { executionArn })
    expect(execution.status).toBe('SUCCEEDED')
    expectCoherent(Array.isArray(events) ? events.map(record) : [])
    expect(calls).toContain(JSON.stringify({ task: 'one', run: JSON.parse(String(execution.output)) }))
  }
  expect(await stopEngine('SIGTERM')).toBe(0)
}, 60_000)

/** Every event once, in order, after its predecessor, at a time not before it. */
function expectCoherent(events: readonly Readonly<Record<string, unknown>>[]): void {
  const types = events.map(({ type }) => type)
  const count = (type: string) => types.filter((other) => other === type).length
  expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1))
  expect(events.every(({ id, previousEventId }) => Number(previousEventId) < Number(id))).toBe(true)
  const times = events.map(({ timestamp }) => Number(timestamp))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect([
    count('TaskSucceeded'),
    count('TaskStateExited'),
    count('MapIterationSucceeded'),
    count('ExecutionSucceeded'),
  ]).toEqual([4, 4, 3, 1])
}
