import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { progressStates } from '../../domain/device.ts'
import { gateFacts, type ProgressCounts } from '../../domain/gate-facts.ts'
import type { GatePlan } from '../../domain/rotation.ts'

const gate: GatePlan = {
  soakMinutes: 60,
  minOutcomePercent: 40,
  minReachedPercent: 80,
  verificationMinutes: 120,
  baselineFailureRate: 0.002,
  falseAbortProbability: 0.01,
  approval: 'none',
}
const plan = { validationGroupId: 'pilot', waves: [{ percent: 100 }], gate, rollbackHours: 72, restorableHours: 72 }

type Situation = Parameters<typeof gateFacts>[0]

function aSituation(
  changes: Partial<Omit<Situation, 'rotation' | 'wave'>> & {
    rotation?: Partial<Situation['rotation']>
    wave?: Partial<Situation['wave']>
  } = {},
): Situation {
  return {
    waveCounts: {},
    rotationCounts: {},
    now: '2026-03-01T13:00:00.000Z',
    ...changes,
    rotation: { status: 'running', plan, approvedWaves: [], ...changes.rotation },
    wave: { wave: 1, expectedDevices: 100, enteredAt: '2026-03-01T12:00:00.000Z', pausedMinutes: 0, ...changes.wave },
  }
}

describe('a wave has soaked', () => {
  const soaked = (...changes: Parameters<typeof aSituation>) => gateFacts(aSituation(...changes)).wave.soakedMinutes

  test('since it was entered', () => {
    expect(soaked()).toBe(60)
  })

  test('without the pauses that are over', () => {
    expect(soaked({ wave: { pausedMinutes: 15 } })).toBe(45)
  })

  test('without the pause that lasts', () => {
    const rotation = { status: 'paused', pausedAt: '2026-03-01T12:20:00.000Z' } as const

    expect(soaked({ rotation })).toBe(20)
    expect(soaked({ rotation, wave: { pausedMinutes: 15 } })).toBe(5)
    expect(soaked({ rotation, now: '2026-03-09T12:00:00.000Z' })).toBe(20)
  })

  test('as ever once the rotation runs again', () => {
    expect(soaked({ rotation: { status: 'running', pausedAt: '2026-03-01T12:20:00.000Z' } })).toBe(60)
  })

  test('not at all where it was entered during a pause', () => {
    expect(soaked({ rotation: { status: 'paused', pausedAt: '2026-03-01T11:00:00.000Z' } })).toBe(0)
  })
})

describe('the devices of a wave', () => {
  const devices = (waveCounts: ProgressCounts, expectedDevices = 100) =>
    gateFacts(aSituation({ waveCounts, wave: { expectedDevices } })).devices

  test('are counted by what they have shown', () => {
    const counts = { assigned: 5, pending_restart: 20, verifying: 15, succeeded: 30, failed: 4, unverified: 6 }

    expect(devices({ ...counts, unreachable: 10, harmed: 12 })).toEqual({
      expected: 100,
      reached: 80,
      pendingRestart: 20,
      unreachable: 10,
      activated: 55,
      succeeded: 30,
      failed: 4,
      unverified: 6,
      reachedPercent: 80,
      outcomePercent: 50,
    })
  })

  test('are reached even where the package was taken back from them', () => {
    expect(devices({ retracted: 30, rolled_back: 20 }).reached).toBe(50)
  })

  test('are all there where none is expected', () => {
    expect(devices({}, 0)).toMatchObject({ reachedPercent: 100, outcomePercent: 100 })
  })

  test('have shown nothing while none of the expected ones is reached', () => {
    expect(devices({ unreachable: 3 }, 3)).toMatchObject({ reachedPercent: 0, outcomePercent: 0 })
  })

  test('are never more than all of those expected', () => {
    expect(devices({ succeeded: 12 }, 10).reachedPercent).toBe(100)
  })
})

describe('the evidence', () => {
  test('is of the whole rotation and counts silence after a restart as a failure', () => {
    const { evidence, rotation } = gateFacts(
      aSituation({
        waveCounts: { succeeded: 1 },
        rotationCounts: { succeeded: 45, failed: 2, unverified: 3, verifying: 9, pending_restart: 7, harmed: 6 },
      }),
    )

    expect(evidence).toMatchObject({ outcomes: 50, failures: 5 })
    expect(evidence.logMixture).toBeGreaterThan(evidence.abortAtLogMixture)
    expect(evidence.abortAtLogMixture).toBeCloseTo(4.60517, 5)
    expect(rotation.harmedDevices).toBe(6)
  })

  test('does not change with devices that have no outcome', () => {
    const quiet = fc.record({ pending_restart: fc.nat(9999), unreachable: fc.nat(9999), verifying: fc.nat(9999) })

    fc.assert(
      fc.property(quiet, (counts) => {
        const outcomes = { succeeded: 20, failed: 1 }
        const withQuiet = gateFacts(aSituation({ rotationCounts: { ...outcomes, ...counts } }))

        expect(withQuiet.evidence).toEqual(gateFacts(aSituation({ rotationCounts: outcomes })).evidence)
      }),
    )
  })
})

test.each([
  ['none', 0, false],
  ['validation', 0, true],
  ['validation', 1, false],
  ['everyWave', 0, true],
  ['everyWave', 3, true],
] as const)('with approval %s, wave %i needs one: %s', (approval, wave, needsApproval) => {
  const rotation = { plan: { ...plan, gate: { ...gate, approval } }, approvedWaves: [3] }
  const facts = gateFacts(aSituation({ rotation, wave: { wave } })).wave

  expect(facts).toMatchObject({ index: wave, needsApproval, isApproved: wave === 3 })
})

test.each([
  ['running', false, false],
  ['paused', true, false],
  ['aborting', false, true],
] as const)('a %s rotation says so', (status, isPaused, isAborting) => {
  expect(gateFacts(aSituation({ rotation: { status } })).rotation).toMatchObject({ isPaused, isAborting })
})

test('percents lie between 0 and 100 whatever is counted', () => {
  const counts = fc.record(Object.fromEntries(progressStates.map((state) => [state, fc.nat(1_000_000)])), {
    requiredKeys: [],
  })

  fc.assert(
    fc.property(counts, fc.nat(1_000_000), (waveCounts, expectedDevices) => {
      const { devices } = gateFacts(aSituation({ waveCounts, wave: { expectedDevices } }))

      for (const percent of [devices.reachedPercent, devices.outcomePercent]) {
        expect(percent).toBeGreaterThanOrEqual(0)
        expect(percent).toBeLessThanOrEqual(100)
      }
    }),
  )
})
