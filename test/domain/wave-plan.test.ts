import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bucket, bucketCount } from '../../domain/bucket.ts'
import type { WaveTarget } from '../../domain/rotation.ts'
import { expectedDevices, validateWaves, waveThreshold } from '../../domain/wave-plan.ts'

const all = { percent: 100 }

describe('a plan of waves is valid', () => {
  test.each<[WaveTarget[]]>([
    [[all]],
    [[{ percent: 0.0001 }, { percent: 33.3333 }, all]],
    [[{ count: 50 }, { count: 500 }, { percent: 25 }, all]],
    [[{ percent: 1 }, { count: 50 }, { percent: 10 }, { count: 5000 }, all]],
  ])('%j', (waves) => {
    expect(validateWaves(waves)).toEqual([])
  })
})

describe('a plan of waves is refused', () => {
  test.each<[WaveTarget[], string, string]>([
    [[], '/waves', 'The plan has 0 waves; expected 1 to 20'],
    [Array.from({ length: 21 }, () => all), '/waves', 'The plan has 21 waves; expected 1 to 20'],
    [
      [{ percent: 0 }, all],
      '/waves/0/percent',
      "'0' is no percent; expected more than 0, at most 100, with at most 4 decimals",
    ],
    [
      [{ percent: 0.00001 }, all],
      '/waves/0/percent',
      "'0.00001' is no percent; expected more than 0, at most 100, with at most 4 decimals",
    ],
    [
      [{ percent: -1 }, all],
      '/waves/0/percent',
      "'-1' is no percent; expected more than 0, at most 100, with at most 4 decimals",
    ],
    [[{ count: 0 }, all], '/waves/0/count', "'0' is no count; expected a whole number above 0"],
    [[{ count: 1.5 }, all], '/waves/0/count', "'1.5' is no count; expected a whole number above 0"],
    [[{ percent: 10 }, { percent: 10 }, all], '/waves/1/percent', "'10' does not rise; expected more than '10'"],
    [[{ percent: 100 }, all], '/waves/1/percent', "'100' does not rise; expected more than '100'"],
    [[{ count: 9 }, { percent: 1 }, { count: 8 }, all], '/waves/2/count', "'8' does not rise; expected more than '9'"],
    [
      [{ percent: 50 }],
      '/waves/0',
      `The last wave is '{"percent":50}'; expected 100 percent, so that every device is moved`,
    ],
    [
      [{ count: 50 }],
      '/waves/0',
      `The last wave is '{"count":50}'; expected 100 percent, so that every device is moved`,
    ],
  ])('%j', (waves, pointer, detail) => {
    expect(validateWaves(waves)).toEqual([{ pointer, detail }])
  })

  test('where it ends above 100 percent, for that value and for its end', () => {
    expect(validateWaves([{ percent: 101 }]).map(({ pointer }) => pointer)).toEqual(['/waves/0/percent', '/waves/0'])
  })
})

const validPlans = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 999_999 }), { maxLength: 8 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 8 }),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([steps, counts, turns]): WaveTarget[] => {
    const percents = steps.toSorted((a, b) => a - b).map((step) => ({ percent: step / 10_000 }))
    const rest = counts.toSorted((a, b) => a - b).map((count) => ({ count }))
    const mixed: WaveTarget[] = []
    while (percents.length + rest.length > 0) {
      const target = (turns.next().value ? percents : rest).shift() ?? percents.shift() ?? rest.shift()
      if (target) mixed.push(target)
    }
    return [...mixed, all]
  })

function thresholdsOf(waves: readonly WaveTarget[], scopeDevices: number): number[] {
  const thresholds: number[] = []
  for (const target of waves) {
    thresholds.push(waveThreshold({ target, scopeDevices, previousThreshold: thresholds.at(-1) ?? 0 }))
  }
  return thresholds
}

describe('the thresholds of a valid plan', () => {
  test('never fall, and end with every bucket', () => {
    fc.assert(
      fc.property(validPlans, fc.nat(1_000_000), (waves, scopeDevices) => {
        const thresholds = thresholdsOf(waves, scopeDevices)

        expect(validateWaves(waves)).toEqual([])
        expect(thresholds).toEqual(thresholds.toSorted((a, b) => a - b))
        expect(thresholds.at(-1)).toBe(bucketCount)
      }),
    )
  })

  test('follow percents and counts', () => {
    const waves = [{ count: 50 }, { percent: 1 }, { percent: 25.5 }, { count: 5000 }, all]

    expect(thresholdsOf(waves, 10_000)).toEqual([5000, 10_000, 255_000, 500_000, 1_000_000])
  })

  test('hold every device where a count is larger than the scope', () => {
    expect(thresholdsOf([{ count: 50 }], 20)).toEqual([bucketCount])
  })

  test('do not move for a count while nothing is in scope', () => {
    expect(thresholdsOf([{ percent: 10 }, { count: 50 }], 0)).toEqual([100_000, 100_000])
  })
})

describe('the devices expected of a wave', () => {
  const expected = (previousThreshold: number, threshold: number, scopeDevices: number) =>
    expectedDevices({ previousThreshold, threshold, scopeDevices })

  test('are all devices where the wave takes every bucket', () => {
    fc.assert(fc.property(fc.nat(1_000_000), (devices) => expect(expected(0, bucketCount, devices)).toBe(devices)))
  })

  test('are none where the threshold does not rise', () => {
    expect(expected(5000, 5000, 10_000)).toBe(0)
  })

  test('are a little fewer than the share of the buckets says', () => {
    expect(expected(0, 10_000, 10_000)).toBe(80)
    expect(expected(500_000, bucketCount, 10_000)).toBe(4900)
  })

  test('are one at least where three can be hoped for', () => {
    expect(expected(0, 3000, 1000)).toBe(1)
    expect(expected(0, 1000, 1000)).toBe(0)
  })

  test('come in nearly every time', () => {
    const rotations = Array.from({ length: 200 }, (_, index) => `rotation-${index}`)
    const devices = Array.from({ length: 400 }, (_, index) => `device-${index}`)
    const enough = rotations.filter((rotationId) => {
      const members = devices.filter((deviceId) => bucket(rotationId, deviceId) < 50_000)
      return members.length >= expected(0, 50_000, devices.length)
    })

    expect(enough.length).toBeGreaterThanOrEqual(190)
  })
})
