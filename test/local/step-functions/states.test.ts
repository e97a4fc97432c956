import { expect, test } from '@jest/globals'
import { anEngine, detailsOf, startMs } from './test-engine.ts'

test('a Pass state gives its output to the next state and its variables to all later ones', async () => {
  const outcome = await anEngine().run(
    {
      Greet: { Type: 'Pass', Assign: { who: '{% $states.input.name %}' }, Output: { said: 'hello' }, Next: 'Answer' },
      Answer: { Type: 'Pass', Output: { to: '{% $who %}', after: '{% $states.input.said %}' }, End: true },
    },
    { name: 'Ada' },
  )

  expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: { to: 'Ada', after: 'hello' } })
  expect(outcome.types).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'PassStateExited',
    'PassStateEntered',
    'PassStateExited',
    'ExecutionSucceeded',
  ])
  expect(detailsOf(outcome, 'PassStateExited')).toMatchObject({ assignedVariables: { who: '"Ada"' } })
})

test('variables are assigned together, so that two can be swapped', async () => {
  const outcome = await anEngine().run({
    Set: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
    Swap: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'Show' },
    Show: { Type: 'Pass', Output: ['{% $states.input %}', '{% $a %}', '{% $b %}'], End: true },
  })

  expect(outcome.output).toEqual([1, 2, 1])
})

test('a Choice takes the first rule that holds, with the output of that rule', async () => {
  const states = {
    IsLarge: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.size > 100 %}', Output: 'huge', Next: 'Done' },
        { Condition: '{% $states.input.size > 10 %}', Output: 'large', Next: 'Done' },
      ],
      Default: 'Done',
      Output: 'small',
    },
    Done: { Type: 'Succeed' },
  }
  const engine = anEngine()

  const outputs = await Promise.all([200, 50, 1].map(async (size) => (await engine.run(states, { size })).output))

  expect(outputs).toEqual(['huge', 'large', 'small'])
})

test('a Choice without a rule that holds fails the execution', async () => {
  const choices = [{ Condition: '{% $states.input.ready %}', Next: 'Done' }]
  const states = { IsReady: { Type: 'Choice', Choices: choices }, Done: { Type: 'Succeed' } }

  const outcome = await anEngine().run(states, { ready: false })

  expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' })
})

test('a Choice whose condition is no claim says what it was', async () => {
  const choices = [{ Condition: '{% $states.input.ready %}', Next: 'Done' }]
  const states = { IsReady: { Type: 'Choice', Choices: choices }, Done: { Type: 'Succeed' } }

  const outcome = await anEngine().run(states, { ready: 'yes' })

  expect(outcome.error).toBe('States.QueryEvaluationError')
  expect(outcome.cause).toMatch(
    /field 'Choices\[0\]\/Condition' .*Expected 'boolean', but was 'string' for value: "yes"$/,
  )
})

test('a Fail state fails the execution with the error and cause it names', async () => {
  const fail = { Type: 'Fail', Error: 'Gate.Shut', Cause: '{% "wave " & $states.input.wave %}' }

  const outcome = await anEngine().run({ Halt: fail }, { wave: 'two' })

  expect(outcome).toMatchObject({ status: 'FAILED', error: 'Gate.Shut', cause: 'wave two' })
})

test('a wait of two weeks passes at once where idle time is skipped', async () => {
  const states = { Soak: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Output: '{% $now() %}', End: true } }

  const outcome = await anEngine().run(states, { seconds: 14 * 86_400 })

  expect(outcome.output).toBe('2027-03-15T08:00:00.000Z')
  expect(outcome.events.map(({ timestamp }) => timestamp * 1000 - startMs)).toEqual([
    0, 0, 1_209_600_000, 1_209_600_000,
  ])
})

test('a wait for a time in the past is over at once', async () => {
  const outcome = await anEngine().run({ Wait: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } })

  expect(outcome.events.at(-1)?.timestamp).toBe(startMs / 1000)
})

test('the time limit of a machine ends its execution', async () => {
  const outcome = await anEngine().run({ Wait: { Type: 'Wait', Seconds: 100, End: true } }, {}, { TimeoutSeconds: 60 })

  expect(outcome.status).toBe('TIMED_OUT')
  expect(outcome.types).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut'])
  expect(outcome.events.at(-1)?.timestamp).toBe(startMs / 1000 + 60)
})

test('an expression that gives nothing fails the state, and says which one it was', async () => {
  const outcome = await anEngine().run({ Show: { Type: 'Pass', Output: { a: ['{% $missing %}'] }, End: true } })

  expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' })
  expect(outcome.cause).toBe(
    "An error occurred while executing the state 'Show' (entered at the event id #2). The JSONata expression " +
      "'$missing' specified for the field 'Output/a[0]' returned nothing (undefined).",
  )
})

test('an output of more than 256 KiB fails its state', async () => {
  const states = { Grow: { Type: 'Pass', Output: '{% $pad("", 300000, "x") %}', End: true } }

  expect(await anEngine().run(states)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' })
})

test('an execution that never ends fails at 25,000 events', async () => {
  const states = { Ping: { Type: 'Pass', Next: 'Pong' }, Pong: { Type: 'Pass', Next: 'Ping' } }

  const outcome = await anEngine().run(states)

  expect(outcome).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('25000') })
})

test('the context names the execution, the state and the machine', async () => {
  const outcome = await anEngine().run({ Show: { Type: 'Pass', Output: '{% $states.context %}', End: true } }, { a: 1 })

  expect(outcome.output).toMatchObject({
    Execution: { Id: outcome.executionArn, Input: { a: 1 }, StartTime: '2027-03-01T08:00:00.000Z', RedriveCount: 0 },
    State: { Name: 'Show', EnteredTime: '2027-03-01T08:00:00.000Z' },
    StateMachine: { Name: 'machine-1' },
  })
})
