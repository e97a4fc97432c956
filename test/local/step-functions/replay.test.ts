import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { startClock } from '../../../local/clock.ts'
import { allEffects } from '../../../local/step-functions/core/effects.ts'
import { blankExecution, evolve } from '../../../local/step-functions/core/evolve.ts'
import type { Execution } from '../../../local/step-functions/core/execution.ts'
import type { Fact } from '../../../local/step-functions/core/fact.ts'
import { retryDelaySeconds } from '../../../local/step-functions/core/failure.ts'
import type { Evaluated, Input } from '../../../local/step-functions/core/input.ts'
import { step } from '../../../local/step-functions/core/step.ts'
import { readMachine } from '../../../local/step-functions/definition/read-machine.ts'
import { evaluate } from '../../../local/step-functions/evaluation/evaluate.ts'
import { anEngine, aTask, type Payload, startMs } from './test-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'step-functions-'))
afterAll(() => rmSync(folder, { recursive: true }))

const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { End: true, ...state } } })
const states = {
  Set: { Type: 'Pass', Assign: { id: '{% $uuid() %}', n: 0 }, Next: 'Work' },
  Work: aTask('work', {
    TimeoutSeconds: 50,
    Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2, JitterStrategy: 'FULL' }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Both' }],
    Next: 'Both',
  }),
  Both: {
    Type: 'Parallel',
    Branches: [
      branch('Rest', { Type: 'Wait', Seconds: 10 }),
      branch('Each', {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 2,
        ItemProcessor: branch('Inner', aTask('inner')),
      }),
    ],
    Assign: { n: '{% $n + 1 %}' },
    Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Halt' }],
    Next: 'IsOver',
  },
  IsOver: { Type: 'Choice', Choices: [{ Condition: '{% $n < 2 %}', Next: 'Both' }], Default: 'Done' },
  Halt: { Type: 'Fail', Error: 'Halted' },
  Done: { Type: 'Succeed', Output: '{% $id %}' },
}
const { machine } = readMachine(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Set', States: states }))
if (!machine) throw new Error('The machine of this test is wrong')

const surroundings = {
  machine,
  identity: { executionArn: 'e', executionName: 'e', stateMachineArn: 'm', stateMachineName: 'm' },
  tokenOf: () => 'token',
  newReference: () => 'reference',
}

/** Lets an execution take the steps that `choices` pick among what it waits for. */
async function play(choices: readonly number[]) {
  let execution: Execution = blankExecution
  let nowMs = startMs
  const facts: Fact[] = []
  const take = (input: Input, random: number) => {
    const before = JSON.stringify([...execution.frames])
    const old = execution
    const result = step(machine ?? fail(), execution, input, { nowMs, random })
    expect(JSON.stringify([...old.frames])).toBe(before)
    execution = result.execution
    facts.push(...result.facts)
  }
  take({ type: 'start', input: {}, roleArn: 'r' }, 0)
  for (const choice of choices) {
    const effects = allEffects(machine ?? fail(), execution).filter(({ type }) => type !== 'wakeOverdue')
    const effect = effects[choice % Math.max(1, effects.length)]
    if (!effect || !('ticket' in effect)) break
    const { frame: id, ticket } = effect
    const frame = execution.frames.get(id)
    if (effect.type === 'evaluate' && frame) {
      const evaluated: Evaluated = await evaluate({ ...surroundings, execution, nowMs }, frame)
      take({ type: 'evaluated', frame: id, ticket, evaluated }, 0.5)
    } else if (effect.type === 'wake') {
      nowMs = Math.max(nowMs, effect.atMs)
      take({ type: 'due', frame: id, ticket }, 0.5)
    } else {
      const answer =
        choice % 3 === 0 ? ({ is: 'failure', error: 'Busy' } as const) : ({ is: 'success', output: choice } as const)
      take({ type: 'answered', frame: id, ticket, answer }, 0.25)
    }
  }
  return { execution, facts }
}

function fail(): never {
  throw new Error('The machine of this test is wrong')
}

test('the facts of an execution, read back from JSON, give its state again at every point', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { minLength: 1, maxLength: 80 }), async (choices) => {
      const { execution, facts } = await play(choices)
      const replayed: Fact[] = JSON.parse(JSON.stringify(facts))

      expect(replayed.reduce(evolve, blankExecution)).toEqual(execution)
      expect(facts.filter(({ id }) => id > 0).map(({ id }) => id)).toEqual(
        facts.filter(({ id }) => id > 0).map((_, at) => at + 1),
      )
    }),
    { numRuns: 150 },
  )
})

test('an execution that is not over always waits for something', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }), async (choices) => {
      const { execution } = await play(choices)
      const waits = allEffects(machine ?? fail(), execution).filter(({ type }) => type !== 'wakeOverdue')

      expect(waits.length > 0).toBe(execution.outcome === undefined)
    }),
    { numRuns: 100 },
  )
})

test('the delay before a retry stays within its bounds', () => {
  const retriers = fc.record({
    errorEquals: fc.constant(['Busy']),
    intervalSeconds: fc.integer({ min: 1, max: 1000 }),
    maxAttempts: fc.constant(99),
    backoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
    maxDelaySeconds: fc.integer({ min: 1001, max: 100_000 }),
    hasFullJitter: fc.boolean(),
  })
  fc.assert(
    fc.property(
      retriers,
      fc.nat(60),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (retrier, used, random) => {
        const delay = retryDelaySeconds(retrier, used, random)
        const longest = Math.min(retrier.intervalSeconds * retrier.backoffRate ** used, retrier.maxDelaySeconds)

        expect(delay).toBeGreaterThanOrEqual(retrier.hasFullJitter ? 0 : longest)
        expect(delay).toBeLessThanOrEqual(longest)
      },
    ),
  )
})

test('a task that had no answer when the engine stopped is performed again, and what was answered is not', async () => {
  const journalPath = join(folder, 'restart.sqlite')
  const calls: string[] = []
  const first = anEngine(
    { one: () => void calls.push('one'), two: () => new Promise(() => calls.push('two')) },
    { journalPath },
  )
  const machineArn = await first.create({ One: aTask('one', { Next: 'Two' }), Two: aTask('two', { End: true }) })
  const executionArn = await first.start(machineArn)
  while (calls.length < 2) await new Promise((resolve) => setImmediate(resolve))
  await first.close()

  const second = anEngine({ two: () => ['answer', calls.push('two again')][0] }, { journalPath })
  second.resume()

  expect(await second.outcomeOf(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { Payload: 'answer' } })
  expect(calls).toEqual(['one', 'two', 'two again'])
  await second.close()
})

test('a wait and a token outlive the engine that began them', async () => {
  const journalPath = join(folder, 'outlive.sqlite')
  let taskToken = ''
  const asking = aTask('ask', {
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
    Assign: { id: '{% $uuid() %}' },
    Next: 'Rest',
  })
  const ask = ({ token }: Payload) => {
    taskToken = typeof token === 'string' ? token : ''
  }
  const first = anEngine({ ask }, { journalPath })
  const machineArn = await first.create({ Ask: asking, Rest: { Type: 'Wait', Seconds: 3600, End: true } })
  const executionArn = await first.start(machineArn)
  while (!taskToken) await new Promise((resolve) => setImmediate(resolve))
  await first.close()

  const second = anEngine({}, { journalPath, clock: startClock({ kind: 'skip-idle' }, startMs + 60_000) })
  second.resume()
  expect(second.stateMachineOfToken(taskToken)).toBe(machineArn)
  await second.call('SendTaskSuccess', { taskToken, output: '"go"' })

  const outcome = await second.outcomeOf(executionArn)
  expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: 'go' })
  expect(outcome.events.at(-1)?.timestamp).toBe(startMs / 1000 + 60 + 3600)
  await second.close()
})

test('a thousand open executions are taken up again within two seconds', async () => {
  const journalPath = join(folder, 'thousand.sqlite')
  const first = anEngine({ wait: () => new Promise(() => {}) }, { journalPath })
  const machineArn = await first.create({
    Set: { Type: 'Pass', Assign: { n: 1 }, Next: 'Wait' },
    Wait: aTask('wait', { End: true }),
  })
  await Promise.all(Array.from({ length: 1000 }, () => first.start(machineArn)))
  await first.close()
  let calls = 0
  const second = anEngine({ wait: () => void calls++ }, { journalPath })

  const startedAt = performance.now()
  second.resume()
  while (calls < 1000) await new Promise((resolve) => setImmediate(resolve))

  expect(performance.now() - startedAt).toBeLessThan(2000)
  await second.close()
})
