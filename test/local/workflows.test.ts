import { afterEach, expect, test } from '@jest/globals'
import { startClock } from '../../local/clock.ts'
import type { Invoke } from '../../local/functions/invocation.ts'
import { readDeployment } from '../../local/template/read-deployment.ts'
import { openWorkflows } from '../../local/workflows.ts'
import { toyApp, writeAssembly } from './fixtures/toy-assembly.ts'

const closes: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

const greet: Invoke = async (_, event) => ({ kind: 'success', payload: { greeting: event }, requestId: 'r1' })
const anything = () => ({ isAllowed: true, message: '' })

/** Runs the toy app's state machine to its end; returns what came of it. */
async function runGreeter({ invoke = greet, authorize = anything, app = toyApp() } = {}) {
  const clock = startClock({ kind: 'skip-idle' })
  const deployment = readDeployment(writeAssembly(app), { OidcIssuer: 'https://issuer.example' })
  const workflows = await openWorkflows({ deployment, journalPath: ':memory:', clock, invoke, authorize })
  closes.push(workflows.close)
  workflows.resume()
  const stateMachineArn = deployment.stateMachines[0]?.arn
  const started = await workflows.call('StartExecution', { stateMachineArn, name: 'one', input: '{"name":"Ada"}' })
  await new Promise<void>((resolve) => clock.at(clock.now() + 2 * 86_400_000, resolve))
  return workflows.call('DescribeExecution', { executionArn: Object(started).executionArn })
}

test('runs the state machines of the template with the functions of the template', async () => {
  expect(await runGreeter()).toMatchObject({ status: 'SUCCEEDED', output: '{"greeting":{"name":"Ada"}}' })
})

test('fails a task whose function the role of the machine may not invoke', async () => {
  const authorize = () => ({ isAllowed: false, message: 'not authorized to perform: lambda:InvokeFunction' })

  expect(await runGreeter({ authorize })).toMatchObject({
    status: 'FAILED',
    error: 'Lambda.AccessDeniedException',
    cause: 'not authorized to perform: lambda:InvokeFunction',
  })
})

test('fails a task whose function does not exist', async () => {
  const app = toyApp()
  if (app.app.Greeter) app.app.Greeter.Properties.DefinitionSubstitutions = { Greet: 'nobody' }

  expect(await runGreeter({ app })).toMatchObject({ status: 'FAILED', error: 'Lambda.ResourceNotFoundException' })
})

test('fails a task with the error of its function', async () => {
  const error = { errorType: 'UnavailableError', errorMessage: 'not now', trace: [] }
  const invoke: Invoke = async () => ({ kind: 'functionError', error, requestId: 'r1' })

  expect(await runGreeter({ invoke })).toMatchObject({
    status: 'FAILED',
    error: 'UnavailableError',
    cause: JSON.stringify(error),
  })
})
