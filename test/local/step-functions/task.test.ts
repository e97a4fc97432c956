import { expect, test } from '@jest/globals'
import { anEngine, aTask, FunctionFailure, type Payload, record, startMs, stillClock } from './test-engine.ts'

const all = ['States.ALL']

test('a task calls its function with its payload and the role of the machine', async () => {
  const calls: unknown[] = []
  const double = ({ n }: Payload, call: object) => {
    calls.push(call)
    return { n: Number(n) * 2 }
  }
  const engine = anEngine({ double })

  const outcome = await engine.run(
    { Double: aTask('double', { Output: '{% $states.result.Payload %}', End: true }) },
    { n: 4 },
  )

  expect(outcome.output).toEqual({ n: 8 })
  expect(calls).toMatchObject([{ payload: { n: 4 }, roleArn: 'arn:aws:iam::123456789012:role/workflows' }])
  expect(outcome.types.slice(1, -1)).toEqual([
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
  ])
})

test('a task that names the ARN of a function gives what the function gives', async () => {
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:double'
  const engine = anEngine({ [arn]: ({ n }) => Number(n) * 2 })

  const outcome = await engine.run({ Double: { Type: 'Task', Resource: arn, End: true } }, { n: 4 })

  expect(outcome.output).toBe(8)
  expect(outcome.types).toContain('LambdaFunctionSucceeded')
})

test('a task is tried again after growing delays, and then caught', async () => {
  const retry = { ErrorEquals: ['Busy'], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3, MaxDelaySeconds: 10 }
  const engine = anEngine({
    work: () => {
      throw new FunctionFailure('Busy')
    },
  })
  const Catch = [{ ErrorEquals: all, Output: '{% $states.errorOutput.Error %}', Next: 'Done' }]
  const states = { Work: aTask('work', { Retry: [retry], Catch, End: true }), Done: { Type: 'Succeed' } }

  const outcome = await engine.run(states)

  const attempts = outcome.events.filter(({ type }) => type === 'TaskStarted')
  expect(attempts.map(({ timestamp }) => timestamp - startMs / 1000)).toEqual([0, 2, 8, 18])
  expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: 'Busy' })
})

test('the number of retries stands in the context, and is forgotten when the state is left', async () => {
  const failing = new Set([0, 1])
  const engine = anEngine({
    work: ({ retries }) => {
      if (failing.has(Number(retries))) throw new FunctionFailure('Busy')
      return retries
    },
  })
  const Arguments = { FunctionName: 'work', Payload: { retries: '{% $states.context.State.RetryCount %}' } }
  const work = (fields: object) =>
    aTask('work', { Arguments, Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }], ...fields })

  const outcome = await engine.run({ First: work({ Next: 'Second' }), Second: work({ End: true }) })

  expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: { Payload: 2 } })
})

test('States.TaskFailed stands for every error of a task but a timeout', async () => {
  const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Done' }]
  const done = { Type: 'Succeed' }
  const failed = await anEngine().run({ Work: aTask('nowhere', { Catch, End: true }), Done: done })
  const slow = waiting({ TimeoutSeconds: 5, Catch })
  const timedOut = await anEngine({ ask: () => null }).run({ Ask: slow, Done: done })

  expect(failed).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'Lambda.ResourceNotFoundException' } })
  expect(timedOut).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
})

test('a task that takes too long fails with States.Timeout, and its late answer is ignored', async () => {
  const clock = stillClock()
  const answers: ((value: unknown) => void)[] = []
  const engine = anEngine({ work: () => new Promise((resolve) => answers.push(resolve)) }, { clock })
  const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Rest' }]
  const states = {
    Work: aTask('work', { TimeoutSeconds: 30, Catch, End: true }),
    Rest: { Type: 'Wait', Seconds: 10, End: true },
  }
  const executionArn = await engine.start(await engine.create(states))

  await clock.advance(30)
  for (const answer of answers) answer('late')
  await clock.advance(10)

  const outcome = await engine.outcomeOf(executionArn)
  expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout', Cause: '' } })
  expect(outcome.types).not.toContain('TaskSucceeded')
})

const waiting = (fields: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...fields,
})

async function askedEngine() {
  const clock = stillClock()
  const tokens: string[] = []
  const engine = anEngine({ ask: ({ token }) => void tokens.push(String(token)) }, { clock })
  return {
    engine,
    clock,
    tokens,
    answer: (operation: string, fields: object) => engine.call(operation, { taskToken: tokens.at(-1), ...fields }),
  }
}

test('a task waits for its token, and goes on with what comes with it', async () => {
  const { engine, clock, answer } = await askedEngine()
  const executionArn = await engine.start(await engine.create({ Ask: waiting() }))
  await clock.advance(5 * 86_400)

  await answer('SendTaskSuccess', { output: '{"approved":true}' })

  const outcome = await engine.outcomeOf(executionArn)
  expect(outcome.output).toEqual({ approved: true })
  expect(outcome.types).toEqual(expect.arrayContaining(['TaskSubmitted', 'TaskSucceeded']))
  await expect(answer('SendTaskSuccess', { output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' })
})

test('a token that answers while its function still runs is taken', async () => {
  const engine = anEngine({
    ask: ({ token }) => engine.call('SendTaskSuccess', { taskToken: token, output: '"early"' }),
  })

  expect((await engine.run({ Ask: waiting() })).output).toBe('early')
})

test('a failure without a name is caught as one without a name', async () => {
  const { engine, clock, answer } = await askedEngine()
  const states = { Ask: waiting({ Catch: [{ ErrorEquals: all, Next: 'Done' }] }), Done: { Type: 'Succeed' } }
  const executionArn = await engine.start(await engine.create(states))
  await clock.advance(1)

  await answer('SendTaskFailure', {})

  expect((await engine.outcomeOf(executionArn)).output).toEqual({ Error: null, Cause: null })
})

test('heartbeats keep a task alive, and the first one missed ends it', async () => {
  const { engine, clock, answer } = await askedEngine()
  const executionArn = await engine.start(await engine.create({ Ask: waiting({ HeartbeatSeconds: 60 }) }))
  for (let beat = 0; beat < 5; beat++) {
    await clock.advance(50)
    await answer('SendTaskHeartbeat', {})
  }

  await clock.advance(61)

  const outcome = await engine.outcomeOf(executionArn)
  expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
  expect(outcome.events.at(-1)?.timestamp).toBe(startMs / 1000 + 5 * 50 + 60)
})

test('a token that was never handed out is refused', async () => {
  await expect(anEngine().call('SendTaskSuccess', { taskToken: 'nonsense', output: '1' })).rejects.toMatchObject({
    code: 'InvalidToken',
  })
})

test('arguments that the service has no use for fail the task by name', async () => {
  const states = { Work: aTask('work', { Arguments: '{% {"FunctionName": "work", "Speed": 1} %}', End: true }) }

  const outcome = await anEngine().run(states)

  expect(outcome).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringContaining("'Speed'"),
  })
})

test('the history leaves payloads out where they are not asked for', async () => {
  const engine = anEngine({ work: () => 'secret' })
  const { executionArn } = await engine.run({ Work: aTask('work', { End: true }) }, 'secret')

  const history = await engine.call('GetExecutionHistory', { executionArn, includeExecutionData: false })

  expect(JSON.stringify(history)).not.toContain('secret')
  expect(record(history).events).toHaveLength(7)
})
