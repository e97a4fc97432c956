import { expect, test } from '@jest/globals'
import { anEngine, detailsOf, record, stillClock } from './test-engine.ts'

const startOf = (StateMachineArn: string, suffix: string, fields: object = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::states:startExecution${suffix}`,
  Arguments: { StateMachineArn, Input: { from: 'parent' } },
  End: true,
  ...fields,
})
const double = { Wait: { Type: 'Wait', Seconds: 60, Output: { got: '{% $states.input.from %}' }, End: true } }

test('a task waits for the execution it starts, and gives its output as a value', async () => {
  const engine = anEngine()
  const child = await engine.create(double)

  const outcome = await engine.run({ Call: startOf(child, '.sync:2') })

  expect(outcome.output).toMatchObject({ Status: 'SUCCEEDED', Input: { from: 'parent' }, Output: { got: 'parent' } })
  expect(outcome.types).toContain('TaskSubmitted')
})

test('the first form of it gives the output as text', async () => {
  const engine = anEngine()

  const outcome = await engine.run({ Call: startOf(await engine.create(double), '.sync') })

  expect(outcome.output).toMatchObject({ Output: '{"got":"parent"}' })
})

test('the plain form does not wait', async () => {
  const engine = anEngine()

  const outcome = await engine.run({ Call: startOf(await engine.create(double), '') })

  expect(outcome.events.at(-1)?.timestamp).toBe(outcome.events[0]?.timestamp)
})

test('the failure of an execution fails the task that waits for it', async () => {
  const engine = anEngine()
  const child = await engine.create({ Halt: { Type: 'Fail', Error: 'Gate.Shut' } })

  const outcome = await engine.run({ Call: startOf(child, '.sync:2') })

  expect(outcome.error).toBe('States.TaskFailed')
  expect(JSON.parse(outcome.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Gate.Shut' })
})

test('an execution stops when the task that waits for it is stopped', async () => {
  const clock = stillClock()
  const engine = anEngine({}, { clock })
  const child = await engine.create(double)
  const executionArn = await engine.start(await engine.create({ Call: startOf(child, '.sync:2') }))
  await clock.advance(1)

  await engine.call('StopExecution', { executionArn, error: 'Operator', cause: 'changed their mind' })
  await clock.advance(1)

  const children = record(await engine.call('ListExecutions', { stateMachineArn: child })).executions
  expect(children).toMatchObject([{ status: 'ABORTED' }])
  const outcome = await engine.outcomeOf(executionArn)
  expect(outcome).toMatchObject({ status: 'ABORTED', error: 'Operator' })
  expect(detailsOf(outcome, 'ExecutionAborted')).toEqual({ error: 'Operator', cause: 'changed their mind' })
})

test('a role that may not start executions fails the task', async () => {
  const message = 'not authorized to perform: states:StartExecution'
  const engine = anEngine(
    {},
    { authorize: ({ action }) => ({ isAllowed: action !== 'states:StartExecution', message }) },
  )
  const child = await engine.create(double)

  const outcome = await engine.run({ Call: startOf(child, '.sync:2') })

  expect(outcome).toMatchObject({
    error: 'StepFunctions.AccessDeniedException',
    cause: expect.stringContaining(message),
  })
})

test('a role that may not look at executions fails the task that waits for one', async () => {
  const authorize = ({ action }: { action: string }) => ({
    isAllowed: action !== 'states:DescribeExecution',
    message: 'no',
  })
  const engine = anEngine({}, { authorize })
  const child = await engine.create(double)

  const outcome = await engine.run({ Call: startOf(child, '.sync:2') })

  expect(outcome.error).toBe('StepFunctions.AccessDeniedException')
})

test('a role that may not stop executions leaves the one that it waited for running', async () => {
  const clock = stillClock()
  const authorize = ({ action }: { action: string }) => ({
    isAllowed: action !== 'states:StopExecution',
    message: 'no',
  })
  const engine = anEngine({}, { clock, authorize })
  const child = await engine.create(double)
  const executionArn = await engine.start(await engine.create({ Call: startOf(child, '.sync:2') }))
  await clock.advance(1)

  await engine.call('StopExecution', { executionArn })
  await clock.advance(1)

  const children = record(await engine.call('ListExecutions', { stateMachineArn: child })).executions
  expect(children).toMatchObject([{ status: 'RUNNING' }])
})

test('a machine that waits for executions is refused where its role may not have their ends reported', async () => {
  const engine = anEngine(
    {},
    { authorize: ({ action }) => ({ isAllowed: !action.startsWith('events:'), message: 'no' }) },
  )
  const child = await engine.create(double)

  await expect(engine.create({ Call: startOf(child, '.sync:2') })).rejects.toMatchObject({
    code: 'AccessDeniedException',
  })
})
