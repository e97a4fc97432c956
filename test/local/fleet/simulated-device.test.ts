import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Machine, machineOf, offlineUntil } from '../../../local/fleet/machine.ts'
import {
  advanced,
  afterCheckIn,
  afterEnrolment,
  afterFailure,
  type DeviceState,
  newDevice,
} from '../../../local/fleet/simulated-device.ts'

const startMs = Date.parse('2026-03-01T12:00:00.000Z')
const hourMs = 3_600_000
const unchanged = { unchanged: true, etag: 'etag', nextCheckInSeconds: 8 * 3600 } as const
const enrolment = { deviceId: 'device', credential: 'credential', checkInSeconds: 3600 }

const anEnrolled = (machine: Machine): DeviceState =>
  afterEnrolment(machine, newDevice(machine, startMs), enrolment, startMs)
const aMachine = fc.nat({ max: 1000 }).map((index) => machineOf(1, index))
const anHour = fc.integer({ min: 0, max: 100 * 24 }).map((hours) => startMs + hours * hourMs)

describe('a simulated device', () => {
  test('wants to enrol at once, wherever it is', () => {
    fc.assert(
      fc.property(aMachine, (machine) => {
        expect(advanced(machine, newDevice(machine, startMs), startMs).nextCheckInMs).toBe(startMs)
      }),
    )
  })

  test('never restarts before its time, and then exactly once', () => {
    fc.assert(
      fc.property(aMachine, anHour, (machine, nowMs) => {
        const before = anEnrolled(machine)
        const after = advanced(machine, before, nowMs)

        expect(after.restarts).toBe(before.nextRestartMs <= nowMs ? 1 : 0)
        expect(after.nextRestartMs).toBeGreaterThan(nowMs)
      }),
    )
  })

  test('comes to nothing more by itself when asked again at the same moment', () => {
    fc.assert(
      fc.property(aMachine, anHour, (machine, nowMs) => {
        const once = advanced(machine, anEnrolled(machine), nowMs)

        expect(advanced(machine, once, nowMs)).toEqual(once)
      }),
    )
  })

  test('does not check in while it is off the network', () => {
    fc.assert(
      fc.property(aMachine, anHour, (machine, nowMs) => {
        const state = advanced(machine, { ...anEnrolled(machine), nextCheckInMs: nowMs }, nowMs)

        if (offlineUntil(machine, nowMs) !== undefined) expect(state.nextCheckInMs).toBeGreaterThan(nowMs)
      }),
    )
  })

  test('checks in when it was told to, give or take a tenth', () => {
    fc.assert(
      fc.property(aMachine, anHour, (machine, nowMs) => {
        const waitHours = (afterCheckIn(machine, anEnrolled(machine), unchanged, nowMs).nextCheckInMs - nowMs) / hourMs

        expect(waitHours).toBeGreaterThanOrEqual(7.2)
        expect(waitHours).toBeLessThanOrEqual(8.8)
      }),
    )
  })

  test('loses nothing by a failed request, and waits an hour and a half at most before the next', () => {
    fc.assert(
      fc.property(aMachine, anHour, fc.nat({ max: 50 }), (machine, nowMs, failures) => {
        const before = { ...anEnrolled(machine), failures }
        const after = afterFailure(machine, before, nowMs)

        expect(after).toEqual({ ...before, nextCheckInMs: after.nextCheckInMs, failures: failures + 1 })
        expect(after.nextCheckInMs).toBeGreaterThan(nowMs)
        expect(after.nextCheckInMs - nowMs).toBeLessThanOrEqual(1.5 * hourMs)
      }),
    )
  })
})
