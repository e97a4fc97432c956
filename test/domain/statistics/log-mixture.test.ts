import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { InvalidInputError } from '../../../domain/errors.ts'
import { logMixture } from '../../../domain/statistics/log-mixture.ts'

const baseline = 0.002
const abortAt = Math.log(1 / 0.01)

describe('the evidence against a package', () => {
  // Computed independently in Python from the formula's definition.
  test.each([
    [0, 50, -1.059298],
    [0, 200, -2.038352],
    [0, 300, -2.552705],
    [0, 371, -2.897156],
    [1, 50, 0.680079],
    [1, 500, -2.313643],
    [2, 2, 9.476681],
    [2, 200, 0.687858],
    [3, 3, 14.963137],
    [3, 30, 7.535043],
    [3, 50, 5.973725],
    [3, 200, 2.307565],
    [3, 500, 0.175731],
    [5, 500, 2.912656],
    [8, 500, 7.648441],
    [5, 1000, 0.096847],
    [12, 1000, 9.863495],
    [20, 1000, 24.7941],
    [50, 500, 147.480382],
  ])('of %i failures among %i outcomes is %d', (failures, outcomes, expected) => {
    expect(logMixture({ failures, outcomes }, baseline)).toBeCloseTo(expected, 5)
  })

  test('is none without outcomes', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.9, noNaN: true }), (rate) => {
        expect(logMixture({ failures: 0, outcomes: 0 }, rate)).toBeCloseTo(0, 10)
      }),
    )
  })

  test('grows with every failure and shrinks with every success', () => {
    const counts = fc.record({ failures: fc.nat(500), successes: fc.nat(100_000) })

    fc.assert(
      fc.property(counts, fc.double({ min: 1e-4, max: 0.5, noNaN: true }), ({ failures, successes }, rate) => {
        const outcomes = failures + successes
        const now = logMixture({ failures, outcomes }, rate)

        expect(logMixture({ failures: failures + 1, outcomes: outcomes + 1 }, rate)).toBeGreaterThan(now)
        expect(logMixture({ failures, outcomes: outcomes + 1 }, rate)).toBeLessThan(now)
      }),
    )
  })

  test('stays finite for a million devices', () => {
    expect(logMixture({ failures: 1_000_000, outcomes: 1_000_000 }, baseline)).toBeGreaterThan(abortAt)
    expect(logMixture({ failures: 0, outcomes: 1_000_000 }, baseline)).toBeGreaterThan(-1e7)
  })
})

test('a good package is hardly ever stopped, a bad one always, by 2,000 outcomes', () => {
  const stopped = (failureRate: number) => probabilityOfStop({ failureRate, looks: 2000 })

  expect(stopped(baseline)).toBeCloseTo(0.0028, 4)
  expect(stopped(0.03)).toBeGreaterThan(0.9999)
})

test.each([0, 0.95, 1, -0.1, Number.NaN])('a baseline of %d is refused', (rate) => {
  expect(() => logMixture({ failures: 0, outcomes: 1 }, rate)).toThrow(InvalidInputError)
})

test.each([
  [2, 1],
  [-1, 1],
  [Number.NaN, 1],
])('%d failures among %d outcomes are refused', (failures, outcomes) => {
  expect(() => logMixture({ failures, outcomes }, baseline)).toThrow(`'${failures}' failures among`)
})

/** Looks after each outcome and stops at three failures and enough evidence: the exact probability by recursion. */
function probabilityOfStop({ failureRate, looks }: { failureRate: number; looks: number }): number {
  let goingOn = [1]
  let stopped = 0
  for (let outcomes = 1; outcomes <= looks; outcomes++) {
    const next = Array.from({ length: goingOn.length + 1 }, () => 0)
    goingOn.forEach((probability, failures) => {
      next[failures] = (next[failures] ?? 0) + probability * (1 - failureRate)
      next[failures + 1] = (next[failures + 1] ?? 0) + probability * failureRate
    })
    while (next.length > 3 && logMixture({ failures: next.length - 1, outcomes }, baseline) >= abortAt) {
      stopped += next.pop() ?? 0
    }
    goingOn = next
  }
  return stopped
}
