import { expect, test } from '@jest/globals'
import { anEngine, aTask, FunctionFailure } from './test-engine.ts'

const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { End: true, ...state } } })
const mapOver = (states: object, fields: object = {}) => ({
  Type: 'Map',
  Items: '{% $states.input %}',
  ItemProcessor: { StartAt: Object.keys(states)[0], States: states },
  End: true,
  ...fields,
})

test('a Parallel gives the outputs of its branches in their order, whichever ends first', async () => {
  const slow = { StartAt: 'Slow', States: { Slow: { Type: 'Wait', Seconds: 60, Output: 'slow', End: true } } }
  const Branches = [slow, branch('Quick', { Type: 'Pass', Output: '{% $states.input %}' })]

  const outcome = await anEngine().run({ Both: { Type: 'Parallel', Branches, Arguments: 'quick', End: true } })

  expect(outcome.output).toEqual(['slow', 'quick'])
  expect(outcome.types.slice(1, 4)).toEqual(['ParallelStateEntered', 'ParallelStateStarted', 'WaitStateEntered'])
  expect(outcome.types.slice(-3)).toEqual(['ParallelStateSucceeded', 'ParallelStateExited', 'ExecutionSucceeded'])
})

test('branches read the variables around them and keep their own to themselves', async () => {
  const Branches = [branch('Left', { Type: 'Pass', Assign: { own: 1 }, Output: '{% $outer %}' })]
  const outcome = await anEngine().run({
    Set: { Type: 'Pass', Assign: { outer: 'seen' }, Next: 'Both' },
    Both: { Type: 'Parallel', Branches, Assign: { inner: '{% $states.result[0] %}' }, Next: 'Show' },
    Show: { Type: 'Pass', Output: ['{% $inner %}', '{% $exists($own) %}'], End: true },
  })

  expect(outcome.output).toEqual(['seen', false])
})

test('a branch that fails ends the others, and the Parallel is caught with its error', async () => {
  const Branches = [
    branch('Bad', { Type: 'Pass', Output: '{% $missing %}' }),
    branch('Long', { Type: 'Wait', Seconds: 9 }),
  ]
  const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Done' }]

  const outcome = await anEngine().run({
    Both: { Type: 'Parallel', Branches, Catch, Output: 'never', Next: 'Done' },
    Done: { Type: 'Succeed', Output: '{% $states.input.Error %}' },
  })

  expect(outcome.output).toBe('States.QueryEvaluationError')
  expect(outcome.types).not.toContain('WaitStateExited')
  expect(outcome.events.at(-1)?.timestamp).toBe(outcome.events[0]?.timestamp)
})

test('a Parallel is tried again as a whole', async () => {
  let calls = 0
  const engine = anEngine({
    work: () => {
      if (++calls < 3) throw new FunctionFailure('Busy')
      return calls
    },
  })
  const Branches = [branch('Work', aTask('work', { Output: '{% $states.result.Payload %}' }))]
  const Retry = [{ ErrorEquals: ['Busy'], MaxAttempts: 5 }]

  const outcome = await engine.run({ Both: { Type: 'Parallel', Branches, Retry, End: true } })

  expect(outcome.output).toEqual([3])
  expect(outcome.types.filter((type) => type === 'ParallelStateStarted')).toHaveLength(3)
})

test('a Map gives the outputs of its items in their order', async () => {
  const states = {
    Rest: { Type: 'Wait', Seconds: '{% $states.input %}', Output: '{% $states.input * 10 %}', End: true },
  }

  expect((await anEngine().run({ Each: mapOver(states) }, [3, 1, 2])).output).toEqual([30, 10, 20])
})

test('a Map runs no more iterations at once than it may', async () => {
  let running = 0
  let most = 0
  const engine = anEngine({
    async work() {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    },
  })
  const items = Array.from({ length: 12 }, (_, at) => at)

  const outcome = await engine.run(
    { Each: mapOver({ Work: aTask('work', { End: true }) }, { MaxConcurrency: 3 }) },
    items,
  )

  expect(outcome.status).toBe('SUCCEEDED')
  expect(most).toBe(3)
})

test('an item selector shapes the input of every iteration, and the context names its item', async () => {
  const ItemSelector = { item: '{% $states.context.Map.Item.Value %}', of: '{% $states.input.wave %}' }
  const show = {
    Type: 'Pass',
    Output: ['{% $states.input.item %}', '{% $states.input.of %}', '{% $states.context.Map.Item.Index %}'],
    End: true,
  }
  const each = mapOver({ Show: show }, { Items: '{% $states.input.devices %}', ItemSelector })

  const outcome = await anEngine().run({ Each: each }, { devices: ['a', 'b'], wave: 2 })

  expect(outcome.output).toEqual([
    ['a', 2, 0],
    ['b', 2, 1],
  ])
})

test('a Map over nothing gives an empty list', async () => {
  const outcome = await anEngine().run({ Each: mapOver({ Same: { Type: 'Pass', End: true } }) }, [])

  expect(outcome.output).toEqual([])
  expect(outcome.types.slice(2, 4)).toEqual(['MapStateStarted', 'MapStateSucceeded'])
})

test('a Map over an object has its keys in the context', async () => {
  const key = { Type: 'Pass', Output: '{% $states.context.Map.Item.Key %}', End: true }

  expect((await anEngine().run({ Each: mapOver({ Key: key }) }, { x: 1, y: 2 })).output).toEqual(['x', 'y'])
})

test('one failed iteration fails the Map', async () => {
  const work = aTask('nowhere', { End: true })

  const outcome = await anEngine().run({ Each: mapOver({ Work: work }, { MaxConcurrency: 1 }) }, [1, 2])

  expect(outcome).toMatchObject({ status: 'FAILED', error: 'Lambda.ResourceNotFoundException' })
  expect(outcome.types.slice(-3)).toEqual(['MapIterationFailed', 'MapStateFailed', 'ExecutionFailed'])
})

test('a Map goes on while no more iterations fail than it tolerates', async () => {
  const engine = anEngine({
    work: (payload) => {
      if (Object.keys(payload).length === 0) throw new FunctionFailure('Empty')
      return 'fine'
    },
  })
  const states = { Work: aTask('work', { Output: '{% $states.result.Payload %}', End: true }) }
  const run = (ToleratedFailureCount: number) =>
    engine.run({ Each: mapOver(states, { ToleratedFailureCount }) }, [{}, { a: 1 }, {}])

  expect((await run(2)).output).toEqual(['fine'])
  expect((await run(1)).error).toBe('States.ExceedToleratedFailureThreshold')
})

test('every event but the first follows one that came before it', async () => {
  const states = { Rest: { Type: 'Wait', Seconds: 1, Next: 'Show' }, Show: { Type: 'Pass', End: true } }
  const { events } = await anEngine().run({ Each: mapOver(states) }, [1, 2, 3])

  expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1))
  expect(events.every(({ id, previousEventId }) => previousEventId < id)).toBe(true)
})
