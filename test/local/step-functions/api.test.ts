import { createServer } from 'node:http'
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { stepFunctionsListener } from '../../../local/step-functions/http.ts'
import { anEngine, roleArn, startMs } from './test-engine.ts'

const engine = anEngine()
const server = createServer(stepFunctionsListener(engine))
let client: SFNClient

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  client = new SFNClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', credentials, maxAttempts: 1 })
})

afterAll(async () => {
  client.destroy()
  server.closeAllConnections()
  server.close()
  await engine.close()
})

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Rest',
  States: { Rest: { Type: 'Wait', Seconds: 5, Output: '{% $states.input.n + 1 %}', End: true } },
})

async function create(name: string): Promise<string> {
  const { stateMachineArn = '' } = await client.send(new CreateStateMachineCommand({ name, definition, roleArn }))
  return stateMachineArn
}

async function start(stateMachineArn: string, input = '{"n":1}', name?: string): Promise<string> {
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn, input, name }))
  return executionArn
}

test('the client of the SDK creates a machine, runs it, and reads what became of it', async () => {
  const executionArn = await start(await create('whole'))
  await engine.outcomeOf(executionArn)

  const execution = await client.send(new DescribeExecutionCommand({ executionArn }))
  const history = await client.send(new GetExecutionHistoryCommand({ executionArn }))

  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '2', input: '{"n":1}', redriveCount: 0 })
  expect(execution.stopDate?.getTime()).toBeGreaterThanOrEqual(startMs + 5000)
  expect(history.events?.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'WaitStateEntered',
    'WaitStateExited',
    'ExecutionSucceeded',
  ])
})

test('creating the same machine again gives the same one, another of its name is refused', async () => {
  const stateMachineArn = await create('again')

  expect(await create('again')).toBe(stateMachineArn)
  const other = definition.replace('5', '6')
  await expect(
    client.send(new CreateStateMachineCommand({ name: 'again', definition: other, roleArn })),
  ).rejects.toMatchObject({
    name: 'StateMachineAlreadyExists',
    message: `State Machine Already Exists: '${stateMachineArn}'`,
  })
})

test('a definition comes back as the text that was sent', async () => {
  const stateMachineArn = await create('text')

  const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn }))

  expect(machine).toMatchObject({ definition, roleArn, status: 'ACTIVE', type: 'STANDARD' })
})

test('an execution keeps the revision that it was started with', async () => {
  const stateMachineArn = await create('revised')
  const executionArn = await start(stateMachineArn)
  const update = { stateMachineArn, definition: definition.replace('+ 1', '+ 2') }

  const { revisionId } = await client.send(new UpdateStateMachineCommand(update))

  expect(await engine.outcomeOf(executionArn)).toMatchObject({ output: 2 })
  const used = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }))
  expect(used.definition).toBe(definition)
  expect((await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).revisionId).toBe(revisionId)
})

test('a name starts one execution: the same input gives it again, another is refused', async () => {
  const stateMachineArn = await create('named')
  const [one, other] = await Promise.all([
    start(stateMachineArn, '{"n":1}', 'run'),
    start(stateMachineArn, '{"n":1}', 'run'),
  ])

  expect(other).toBe(one)
  await expect(start(stateMachineArn, '{"n":2}', 'run')).rejects.toMatchObject({
    name: 'ExecutionAlreadyExists',
    message: `Execution Already Exists: '${one}'`,
  })
})

test('executions are listed newest first, page by page', async () => {
  const stateMachineArn = await create('listed')
  const arns: string[] = []
  for (let at = 0; at < 5; at++) arns.unshift(await start(stateMachineArn))
  const pages: (string | undefined)[][] = []
  let nextToken: string | undefined
  do {
    const page = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken }))
    pages.push((page.executions ?? []).map(({ executionArn }) => executionArn))
    nextToken = page.nextToken
  } while (nextToken)

  expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
  expect(pages.flat()).toEqual(arns)
})

test('a history can be read backwards and in pages', async () => {
  const executionArn = await start(await create('backwards'))
  await engine.outcomeOf(executionArn)

  const page = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 3 }))
  const { nextToken } = page
  const rest = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, nextToken }))

  expect([...(page.events ?? []), ...(rest.events ?? [])].map(({ id }) => id)).toEqual([4, 3, 2, 1])
})

test('a page token of another list is refused', async () => {
  await create('paged')
  const { nextToken } = await client.send(new ListStateMachinesCommand({ maxResults: 1 }))
  const stateMachineArn = await create('other-list')

  await expect(client.send(new ListExecutionsCommand({ stateMachineArn, nextToken }))).rejects.toMatchObject({
    name: 'InvalidToken',
  })
})

test('a definition can be checked without creating anything', async () => {
  const check = (text: string) => client.send(new ValidateStateMachineDefinitionCommand({ definition: text }))

  expect(await check(definition)).toMatchObject({ result: 'OK', diagnostics: [] })
  expect(await check('{"QueryLanguage":"JSONata"}')).toMatchObject({
    result: 'FAIL',
    diagnostics: expect.arrayContaining([expect.objectContaining({ severity: 'ERROR', location: '/' })]),
  })
})

test.each([
  ['DescribeExecution', { executionArn: 'nonsense' }, 'InvalidArn', "Invalid Arn: 'Invalid ARN prefix: nonsense'"],
  [
    'StartExecution',
    { stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:none' },
    'StateMachineDoesNotExist',
    "State Machine Does Not Exist: 'arn:aws:states:eu-west-1:123456789012:stateMachine:none'",
  ],
  ['CreateStateMachine', { name: 'a b', definition, roleArn }, 'InvalidName', "Invalid Name: 'a b'"],
  ['DescribeStateMachine', {}, 'ValidationException', expect.stringContaining("at 'stateMachineArn'")],
  [
    'StartExecution',
    { traceHeader: 'x' },
    'ValidationException',
    expect.stringContaining("'traceHeader' is not supported"),
  ],
  ['TestState', {}, 'UnknownOperationException', "Operation 'TestState' is not supported"],
])('%s of %j is answered with %s', async (operation, input, code, message) => {
  await expect(engine.call(operation, input)).rejects.toMatchObject({ code, message })
})

test('an empty input is refused, an absent one is an empty object', async () => {
  const stateMachineArn = await create('inputs')

  await expect(start(stateMachineArn, '')).rejects.toMatchObject({ name: 'InvalidExecutionInput' })
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn }))
  expect((await client.send(new DescribeExecutionCommand({ executionArn }))).input).toBe('{}')
})
