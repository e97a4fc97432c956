import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { machineOf, offlineUntil, uptime } from '../../../local/fleet/machine.ts'

const dayMs = 86_400_000
const fleet = Array.from({ length: 2000 }, (_, index) => machineOf(1, index))
const share = (isCounted: (machine: (typeof fleet)[number]) => boolean) => fleet.filter(isCounted).length / fleet.length
const average = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length

describe('a fleet of machines', () => {
  test('follows from its seed', () => {
    expect(machineOf(7, 3)).toEqual(machineOf(7, 3))
    expect(machineOf(8, 3).deviceKey).not.toBe(machineOf(7, 3).deviceKey)
    expect(new Set(fleet.map(({ deviceKey }) => deviceKey)).size).toBe(fleet.length)
  })

  test('restarts daily, weekly and monthly in the shares of 60, 30 and 10 percent', () => {
    expect(share(({ restartHabit }) => restartHabit === 'daily')).toBeCloseTo(0.6, 1)
    expect(share(({ restartHabit }) => restartHabit === 'weekly')).toBeCloseTo(0.3, 1)
    expect(share(({ restartHabit }) => restartHabit === 'monthly')).toBeCloseTo(0.1, 1)
  })

  test('runs builds of Windows 10 and 11', () => {
    const builds = new Set(fleet.map(({ osVersion }) => osVersion.split('.').slice(0, 3).join('.')))

    expect([...builds].sort()).toEqual(['10.0.19045', '10.0.22631', '10.0.26100'])
  })

  test('keeps each machine running as long as its habit says, on average', () => {
    const daily = fleet.find(({ restartHabit }) => restartHabit === 'daily') ?? machineOf(1, 0)
    const uptimes = Array.from({ length: 500 }, (_, restarts) => uptime(daily, restarts + 2))

    expect(average(uptimes) / dayMs).toBeCloseTo(1, 1)
    expect(Math.min(...uptimes)).toBeGreaterThan(dayMs / 2)
  })

  test('is set up with a restart within the first hour', () => {
    for (const machine of fleet) expect(uptime(machine, 0)).toBeLessThanOrEqual(3_600_000)
  })

  test('has some machines off the network for days, and each of them comes back', () => {
    const nowMs = Date.parse('2026-03-01T12:00:00.000Z')
    const isOff = (machine: (typeof fleet)[number]) => offlineUntil(machine, nowMs) !== undefined

    expect(share(isOff)).toBeGreaterThan(0.005)
    expect(share(isOff)).toBeLessThan(0.12)
    fc.assert(
      fc.property(fc.constantFrom(...fleet), fc.integer({ min: nowMs, max: nowMs + 100 * dayMs }), (machine, atMs) => {
        const untilMs = offlineUntil(machine, atMs)
        if (untilMs === undefined) return

        expect(untilMs - atMs).toBeLessThanOrEqual(6 * dayMs + 1)
        expect(offlineUntil(machine, untilMs)).toBeUndefined()
      }),
    )
  })
})
