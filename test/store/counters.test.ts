import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CounterDelta, CounterScope } from '../../domain/device-counters.ts'
import { InvalidInputError } from '../../domain/errors.ts'
import type { Counters } from '../../store/counters.ts'
import { describeWithTable } from '../support/dynamodb.ts'

const scopes: readonly CounterScope[] = [
  { kind: 'tenant' },
  { kind: 'policy', policyId: 'policy-1' },
  { kind: 'wave', rotationId: 'rotation-1', wave: 1 },
  { kind: 'rotation', rotationId: 'rotation-1' },
]
const names = ['active', 'failed']

/** One record of a stream, and what it counts. */
interface StreamRecord {
  readonly sequenceNumber: string
  readonly delta: CounterDelta
}

let runs = 0
const aTenantId = () => `counted-${++runs}`

/** Sequence numbers rise and grow longer, as DynamoDB's do. */
function streamOf(tenantId: string, changes: readonly (readonly [number, string, number])[]): StreamRecord[] {
  return changes.map(([scope, name, change], index) => ({
    sequenceNumber: String(7 * (index + 1) ** 3),
    delta: { tenantId, scope: scopes[scope] ?? { kind: 'tenant' }, changes: { [name]: change } },
  }))
}

function totals(stream: readonly StreamRecord[], scope: CounterScope): Record<string, number> {
  const changes = stream.filter(({ delta }) => delta.scope === scope).map(({ delta }) => delta.changes)
  const total = (name: string) => changes.reduce((sum, change) => sum + (change[name] ?? 0), 0)
  return Object.fromEntries(names.map((name) => [name, total(name)]))
}

/** Goes on from the checkpoint by some records: the change that counts them, which may be tried any number of times. */
async function countOn(counters: Counters, stream: readonly StreamRecord[], shardId: string, length: number) {
  const after = (await counters.checkpoint(shardId)) ?? '0'
  const batch = stream.filter(({ sequenceNumber }) => BigInt(sequenceNumber) > BigInt(after)).slice(0, length)
  const last = batch.at(-1)
  if (!last) return undefined
  const deltas = batch.map(({ delta }) => delta)
  return () => counters.apply(shardId, last.sequenceNumber, deltas, after)
}

const changes = fc.array(
  fc.tuple(fc.nat({ max: scopes.length - 1 }), fc.constantFrom(...names), fc.integer({ min: -3, max: 3 })),
  { minLength: 1, maxLength: 12 },
)
interface Attempt {
  readonly length: number
  readonly fate: 'crashed' | 'done' | 'repeated' | 'doubled'
}

const attempts: fc.Arbitrary<Attempt[]> = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 5 }),
    fate: fc.constantFrom('crashed', 'done', 'repeated', 'doubled'),
  }),
  { maxLength: 5 },
)

describeWithTable('counters', (table) => {
  test('are exact however consumers overlap, repeat themselves and crash', async () => {
    const { counters } = table().stores
    const consume = async (stream: readonly StreamRecord[], shardId: string, plan: readonly Attempt[]) => {
      for (const { length, fate } of plan) {
        const apply = await countOn(counters, stream, shardId, length)
        if (!apply || fate === 'crashed') continue
        await Promise.all(fate === 'doubled' ? [apply(), apply()] : [apply()])
        if (fate === 'repeated') expect(await apply()).toBe(false)
      }
    }
    const law = fc.asyncProperty(changes, fc.tuple(attempts, attempts, attempts), async (given, plans) => {
      const tenantId = aTenantId()
      const stream = streamOf(tenantId, given)

      await Promise.all(plans.map((plan) => consume(stream, tenantId, plan)))
      for (let rest = await countOn(counters, stream, tenantId, 99); rest; ) {
        expect(await rest()).toBe(true)
        rest = await countOn(counters, stream, tenantId, 99)
      }

      for (const scope of scopes) {
        const zero = Object.fromEntries(names.map((name) => [name, 0]))
        expect({ ...zero, ...(await counters.get(tenantId, scope)) }).toEqual(totals(stream, scope))
      }
      expect(await counters.checkpoint(tenantId)).toBe(stream.at(-1)?.sequenceNumber)
    })
    await fc.assert(law, { numRuns: 25 })
  })

  test('do not move for a stretch that ends at or before the checkpoint', async () => {
    const { counters } = table().stores
    const tenantId = aTenantId()
    const delta = { tenantId, scope: { kind: 'tenant' }, changes: { active: 2, failed: 0 } } as const

    expect(await counters.checkpoint(tenantId)).toBeUndefined()
    expect(await counters.apply(tenantId, '100', [delta])).toBe(true)
    expect(await counters.apply(tenantId, '100', [delta])).toBe(false)
    expect(await counters.apply(tenantId, '99', [delta])).toBe(false)
    expect(await counters.apply(tenantId, '1000', [])).toBe(true)

    expect(await counters.get(tenantId, { kind: 'tenant' })).toEqual({ active: 2 })
    expect(await counters.checkpoint(tenantId)).toBe('1000')
  })

  test('several deltas of one scope add up', async () => {
    const { counters } = table().stores
    const tenantId = aTenantId()
    const delta = {
      tenantId,
      scope: { kind: 'wave', rotationId: 'rotation-1', wave: 2 },
      changes: { 'of.it': 1.5 },
    } as const

    await counters.apply(tenantId, '1', [delta, delta, { ...delta, scope: { ...delta.scope, wave: 12 } }])

    expect(await counters.get(tenantId, delta.scope)).toEqual({ 'of.it': 3 })
  })

  test('what cannot be counted is refused by name, and the checkpoint stays', async () => {
    const { counters } = table().stores
    const tenantId = aTenantId()
    const scope = (n: number) => ({ kind: 'policy', policyId: `policy-${n}` }) as const
    const many = Array.from({ length: 100 }, (_, n) => ({ tenantId, scope: scope(n), changes: { active: 1 } }))

    await expect(counters.apply(tenantId, '1', many)).rejects.toThrow('100 deltas are too many')
    await expect(counters.apply(tenantId, 'one', [])).rejects.toThrow("'one' is no sequence number")
    await expect(counters.apply(tenantId, '1', [{ tenantId, scope: scope(1), changes: { pk: 1 } }])).rejects.toThrow(
      InvalidInputError,
    )
    expect(await counters.checkpoint(tenantId)).toBeUndefined()
    expect(await counters.apply(tenantId, '1', many.slice(1))).toBe(true)
  })
})
