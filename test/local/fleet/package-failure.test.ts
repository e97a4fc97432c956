import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type PackageOutcome, packageOutcome, parsePackageFailure } from '../../../local/fleet/package-failure.ts'

const outcomes = (specification: string, osVersion = '10.0.19045.6456') =>
  Array.from({ length: 2000 }, (_, index) =>
    packageOutcome(parsePackageFailure(specification), {
      seed: 1,
      deviceId: `device-${index}`,
      packageId: 'new',
      osVersion,
    }),
  )
const share = (all: readonly PackageOutcome[], outcome: PackageOutcome) =>
  all.filter((each) => each === outcome).length / all.length

describe('a package failure', () => {
  test('of none breaks no device', () => {
    expect(share(outcomes('none'), 'works')).toBe(1)
  })

  test('breaks its share of all devices, some of them in silence', () => {
    const broken = outcomes('all:0.1,silent=0.5')

    expect(share(broken, 'reportsFailure')).toBeCloseTo(0.05, 1)
    expect(share(broken, 'fallsSilent')).toBeCloseTo(0.05, 1)
  })

  test('of one build spares every other build', () => {
    expect(share(outcomes('osVersion=10.0.19045:0.5'), 'reportsFailure')).toBeCloseTo(0.5, 1)
    expect(share(outcomes('osVersion=10.0.19045:0.5', '10.0.22631.6060'), 'works')).toBe(1)
    expect(share(outcomes('osVersion=10.0.1904:0.5'), 'works')).toBe(1)
  })

  test('is the same for the same seed, device and package, and unrelated for another package', () => {
    const failure = parsePackageFailure('all:0.5,silent=0.5')
    const activation = fc.record({
      seed: fc.integer(),
      deviceId: fc.uuid(),
      packageId: fc.uuid(),
      osVersion: fc.constant('10.0.26100.6899'),
    })

    fc.assert(
      fc.property(activation, (each) => {
        expect(packageOutcome(failure, { ...each })).toBe(packageOutcome(failure, each))
      }),
    )
    const fates = (packageId: string) =>
      Array.from({ length: 200 }, (_, index) =>
        packageOutcome(failure, { seed: 1, deviceId: `${index}`, packageId, osVersion: '10.0.26100.6899' }),
      )
    expect(fates('one')).not.toEqual(fates('another'))
  })

  test.each(['', 'some', 'all', 'all:1.5', 'all:0.1,silent=2', 'all:-1', 'osVersion=11:0.5', 'none,silent=0.5'])(
    'written as %j is refused by name',
    (text) => {
      expect(() => parsePackageFailure(text)).toThrow(`Package failure '${text}' is not valid; expected none, all:RATE`)
    },
  )
})
