import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { startClock } from '../../../local/clock.ts'
import { streamMapping } from '../../../local/streams/stream-mapping.ts'
import type { StreamReader } from '../../../local/streams/stream-reader.ts'
import type { StreamMappingResource } from '../../../local/template/deployment.ts'

const mapping: StreamMappingResource = {
  mappingId: 'm1',
  streamArn: 'arn:stream',
  functionArn: 'arn:function',
  batchSize: 4,
  batchingWindowSeconds: 1,
  tumblingWindowSeconds: 60,
  startingPosition: 'TRIM_HORIZON',
  bisectsOnError: true,
  filterPatterns: [{ kind: ['device'] }],
}

interface ToyRecord {
  readonly kind: 'device' | 'other'
  readonly dynamodb: { readonly SequenceNumber: string }
}

const records = (kinds: readonly ToyRecord['kind'][]): ToyRecord[] =>
  kinds.map((kind, index) => ({ kind, dynamodb: { SequenceNumber: String(index + 1) } }))

const numbersOf = (some: readonly ToyRecord[]) => some.map(({ dynamodb }) => dynamodb.SequenceNumber)

/** A stream of one shard that gives at most three records at a time. */
function readerOf(stored: readonly ToyRecord[]): StreamReader {
  return {
    shardIds: async () => ['shard1'],
    iterator: async (_, start) => (start === 'TRIM_HORIZON' ? '0' : start),
    async read(iterator) {
      const page = stored.slice(Number(iterator), Number(iterator) + 3)
      return { records: page, next: String(Number(iterator) + page.length) }
    },
  }
}

const invocationSchema = z.looseObject({
  Records: z.array(
    z.looseObject({ kind: z.enum(['device', 'other']), dynamodb: z.object({ SequenceNumber: z.string() }) }),
  ),
})

type Invocation = z.infer<typeof invocationSchema>

/** Runs a mapping over the records until nothing is left; `fails` says which of the attempts fail. */
async function handedOn(
  stored: readonly ToyRecord[],
  fails: (batch: readonly ToyRecord[], attempt: number) => boolean,
) {
  const attempts: Invocation[] = []
  const done: ToyRecord[] = []
  const kept: string[] = []
  const clock = startClock({ kind: 'skip-idle' }, Date.parse('2026-11-20T13:07:20Z'))
  const expected = stored.filter(({ kind }) => kind === 'device').length

  const { notice, drain } = streamMapping({
    mapping,
    reader: readerOf(stored),
    clock,
    positions: {
      get: () => kept.at(-1),
      set: (_mappingId, _shardId, sequenceNumber) => void kept.push(sequenceNumber),
    },
    async invoke(_, event) {
      const invocation = invocationSchema.parse(event)
      attempts.push(invocation)
      if (fails(invocation.Records, attempts.length)) {
        return { kind: 'functionError', requestId: 'r1', error: { errorType: 'Error', errorMessage: 'no', trace: [] } }
      }
      done.push(...invocation.Records)
      return { kind: 'success', payload: null, requestId: 'r1' }
    },
    onProblem() {},
  })
  clock.beforeSkip(drain)
  notice()
  const isOver = () => done.length >= expected && kept.at(-1) === stored.at(-1)?.dynamodb.SequenceNumber
  while (!isOver()) await new Promise((resolve) => setImmediate(resolve))
  clock.stop()
  return { attempts, done, kept }
}

test('hands on the records that the filter wants, in order, no more than a batch at a time', async () => {
  const stored = records(['device', 'other', 'device', 'device', 'other', 'other', 'device'])

  const { attempts, done, kept } = await handedOn(stored, () => false)
  expect(numbersOf(done)).toEqual(['1', '3', '4', '7'])
  expect(Math.max(...attempts.map(({ Records }) => Records.length))).toBeLessThanOrEqual(mapping.batchSize)
  expect(kept.at(-1)).toBe('7')
})

test('says which shard and window a batch belongs to', async () => {
  const { attempts } = await handedOn(records(['device']), () => false)

  expect(attempts[0]).toMatchObject({
    shardId: 'shard1',
    eventSourceARN: 'arn:stream',
    window: { start: '2026-11-20T13:07:00Z', end: '2026-11-20T13:08:00Z' },
    state: {},
    Records: [{ eventSourceARN: 'arn:stream' }],
  })
})

test('tries a batch that fails again, in halves, and lets nothing overtake it', async () => {
  const stored = records(['device', 'device', 'device', 'device', 'device'])
  let isBroken = true
  const { attempts, done } = await handedOn(stored, (batch, attempt) => {
    if (attempt > 6) isBroken = false
    return isBroken && numbersOf(batch).includes('2')
  })

  expect(attempts.slice(0, 3).map(({ Records }) => numbersOf(Records))).toEqual([['1', '2', '3'], ['1'], ['2', '3']])
  expect(numbersOf(done)).toEqual(['1', '2', '3', '4', '5'])
})

test('hands on every wanted record at least once and in order, whatever fails', async () => {
  const kinds = fc.array(fc.constantFrom('device' as const, 'other' as const), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(kinds, fc.array(fc.boolean(), { maxLength: 12 }), async (given, failures) => {
      const stored = records(given)
      const { done } = await handedOn(stored, (_, attempt) => failures[attempt - 1] ?? false)
      expect(numbersOf(done)).toEqual(numbersOf(stored.filter(({ kind }) => kind === 'device')))
    }),
    { numRuns: 50 },
  )
})
