import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bucket, bucketCount, thresholdOfPercent } from '../../domain/bucket.ts'
import { waveOf } from '../../domain/group.ts'
import { aCohort } from '../support/builders.ts'

test('a device always falls into the same bucket of a rotation', () => {
  expect(bucket('spring', 'laptop-1')).toBe(bucket('spring', 'laptop-1'))
  expect([
    bucket('spring', 'laptop-1'),
    bucket('spring', 'laptop-2'),
    bucket('autumn', 'laptop-1'),
  ]).toMatchInlineSnapshot(`
[
  800459,
  102801,
  668955,
]
`)
})

test('devices spread evenly: a tenth of them lies below ten percent', () => {
  const below = Array.from({ length: 20_000 }, (_, n) => bucket('spring', `device-${n}`)).filter(
    (place) => place < thresholdOfPercent(10),
  )

  expect(Math.abs(below.length - 2000)).toBeLessThan(4 * Math.sqrt(2000 * 0.9))
})

test('a raised threshold keeps every member in the wave that brought it', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.uniqueArray(fc.integer({ min: 1, max: bucketCount }), { minLength: 2, maxLength: 6 }),
      (deviceId, cuts) => {
        const thresholds = [0, ...cuts.toSorted((a, b) => a - b)]
        const device = { deviceId, groupIds: [] }
        const waves = thresholds.map((threshold, entered) =>
          waveOf(aCohort({ threshold, waveThresholds: thresholds.slice(0, entered + 1) }), device),
        )

        const joined = waves.find((wave) => wave !== undefined)
        expect(waves.every((wave, entered) => wave === undefined || (wave === joined && wave <= entered))).toBe(true)
        expect(waves.lastIndexOf(undefined)).toBeLessThan(joined ?? Number.POSITIVE_INFINITY)
      },
    ),
  )
})

test('validation devices are in wave 0 whatever their bucket; a closed cohort has no members', () => {
  const pilot = { deviceId: 'laptop', groupIds: ['pilots'] }

  expect(waveOf(aCohort({ threshold: bucketCount, waveThresholds: [0, bucketCount] }), pilot)).toBe(0)
  expect(waveOf(aCohort({ isOpen: false, threshold: bucketCount }), pilot)).toBeUndefined()
})
