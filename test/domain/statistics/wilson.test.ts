import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { wilsonInterval } from '../../../domain/statistics/wilson.ts'

// Computed independently in Python from the formula's definition: failures, outcomes, low, high, one-sided upper bound.
const vectors: [number, number, number, number, number][] = [
  [0, 50, 0, 0.071348, 0.051333],
  [0, 200, 0, 0.018845, 0.013347],
  [0, 371, 0, 0.010248, 0.00724],
  [1, 50, 0.003539, 0.104954, 0.084805],
  [1, 500, 0.000353, 0.011241, 0.008914],
  [2, 2, 0.34238, 1, 1],
  [3, 30, 0.0346, 0.256211, 0.225502],
  [3, 200, 0.005114, 0.043166, 0.036937],
  [8, 500, 0.008129, 0.031251, 0.028171],
  [20, 1000, 0.012984, 0.03069, 0.028682],
  [50, 500, 0.076678, 0.129422, 0.124266],
]

test.each(vectors)('%i failures among %i outcomes lie between %d and %d', (failures, outcomes, low, high, upper) => {
  const interval = wilsonInterval({ failures, outcomes })

  expect(interval.low).toBeCloseTo(low, 5)
  expect(interval.high).toBeCloseTo(high, 5)
  expect(wilsonInterval({ failures, outcomes }, 1.6448536269514722).high).toBeCloseTo(upper, 5)
})

test('without outcomes every rate is possible', () => {
  expect(wilsonInterval({ failures: 0, outcomes: 0 })).toEqual({ low: 0, high: 1 })
})

test('the interval lies between 0 and 1 and holds the observed rate', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (failures, successes) => {
      fc.pre(failures + successes > 0)
      const outcomes = failures + successes
      const { low, high } = wilsonInterval({ failures, outcomes })

      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(failures / outcomes)
      expect(high).toBeGreaterThanOrEqual(failures / outcomes)
    }),
  )
})
