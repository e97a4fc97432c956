import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Clock, startClock } from '../../../local/clock.ts'
import { type FleetOptions, startFleet } from '../../../local/fleet/fleet.ts'
import { type SeenReport, startScriptedDeviceApi } from './scripted-device-api.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const startMs = Date.parse('2026-03-01T12:00:00.000Z')

let api: Awaited<ReturnType<typeof startScriptedDeviceApi>>
let dataDir: string
let clock: Clock

beforeEach(async () => {
  api = await startScriptedDeviceApi()
  dataDir = mkdtempSync(join(tmpdir(), 'fleet-'))
  clock = startClock({ kind: 'skip-idle' }, startMs)
})

afterEach(async () => {
  clock.stop()
  await api.close()
  rmSync(dataDir, { recursive: true })
})

const aFleet = (options: Partial<FleetOptions> = {}) =>
  startFleet({ endpoint: api.endpoint, clock, dataDir, size: 20, seed: 1, enrolmentToken: 'token', ...options })

const until = (timeMs: number) => new Promise<void>((resolve) => void clock.at(timeMs, resolve))

const reportsByDevice = () => Map.groupBy(api.reports, ({ deviceId }) => deviceId)

/** The reports between which the package came into force. */
function activation(reports: readonly SeenReport[], packageId: string) {
  const index = reports.findIndex(({ activePackageId }) => activePackageId === packageId)
  return { before: reports[index - 1], after: reports[index] }
}

describe('a simulated fleet', () => {
  test('enrols every device once and is onboarded within hours', async () => {
    const fleet = aFleet()
    await until(startMs + 9 * hourMs)
    await fleet.stop()

    expect(api.enrolled()).toBe(20)
    expect(api.deliveries()).toBe(20)
    expect(fleet.devices().map(({ activePackageId }) => activePackageId)).toEqual(Array(20).fill('current'))
  })

  test('checks in as often as it is told to, and after every restart', async () => {
    const fleet = aFleet()
    await until(startMs + 10 * dayMs)
    await fleet.stop()

    const perDeviceAndDay = fleet.checkIns() / 20 / 10
    expect(perDeviceAndDay).toBeGreaterThan(2.5)
    expect(perDeviceAndDay).toBeLessThan(4.5)
  })

  test('moves to another package only by restarts', async () => {
    const fleet = aFleet()
    await until(startMs + dayMs)
    api.script.packageId = 'next'
    await until(startMs + 40 * dayMs)
    await fleet.stop()

    for (const reports of reportsByDevice().values()) {
      const { before, after } = activation(reports, 'next')
      expect(before?.activePackageId).toBe('current')
      expect(before?.lastRestartAt).not.toBe(after?.lastRestartAt)
    }
    expect(fleet.devices().filter(({ activePackageId }) => activePackageId === 'next')).toHaveLength(20)
  })

  test('shows a broken package by errors and by silence, and recovers with another one', async () => {
    const fleet = aFleet({ packageFailures: { broken: 'all:0.5' } })
    fleet.setPackageFailure('broken', 'all:1,silent=0.5')
    await until(startMs + dayMs)
    api.script.packageId = 'broken'
    await until(startMs + 40 * dayMs)
    const outcomes = fleet.devices().map(({ outcome }) => outcome)
    api.script.packageId = 'current'
    await until(startMs + 80 * dayMs)
    await fleet.stop()

    expect(new Set(outcomes)).toEqual(new Set(['reportsFailure', 'fallsSilent']))
    expect(new Set(fleet.devices().map(({ outcome }) => outcome))).toEqual(new Set(['works']))
    expect(api.reports.filter(({ sensorState }) => sensorState === 'unknown')).not.toHaveLength(0)
    expect(api.reports.some(({ policyResults }) => policyResults.some(({ status }) => status === 'error'))).toBe(true)
  })

  test('asks again, less and less often, while the API is down, and loses nothing', async () => {
    const fleet = aFleet()
    await until(startMs + dayMs)
    const before = fleet.devices().map(({ activePackageId }) => activePackageId)
    api.script.isDown = true
    await until(startMs + 2 * dayMs)
    const problems = fleet.devices().map(({ problem }) => problem)
    api.script.isDown = false
    await until(startMs + 3 * dayMs)
    await fleet.stop()

    expect(problems).toContain('/v1/device/check-ins was answered with 503: {"message":"Service Unavailable"}')
    expect(api.refusals()).toBeLessThan(20 * 40)
    expect(fleet.devices().map(({ activePackageId }) => activePackageId)).toEqual(before)
    expect(fleet.devices().filter(({ problem }) => problem !== undefined)).toEqual([])
  })

  test('goes on where it was when it is started again', async () => {
    const first = aFleet()
    await until(startMs + 2 * dayMs)
    await first.stop()
    const second = aFleet({ enrolmentToken: () => Promise.reject(new Error('Nobody enrols twice')) })
    const restored = second.devices()
    const seenBefore = api.reports.length
    await until(startMs + 4 * dayMs)
    await second.stop()

    expect(restored).toEqual(first.devices())
    expect(api.reports.length).toBeGreaterThan(seenBefore)
    expect(api.deliveries()).toBe(20)
  })

  test('enrols again where its credentials are not known any more', async () => {
    const fleet = aFleet()
    await until(startMs + dayMs)
    api.forgetCredentials()
    await until(startMs + 3 * dayMs)
    await fleet.stop()

    expect(api.enrolled()).toBe(20)
    expect(fleet.devices().filter(({ problem }) => problem !== undefined)).toEqual([])
  })

  test('asks for another enrolment token where the API refuses the one it has', async () => {
    const tokens = ['expired', 'token']
    const fleet = aFleet({ concurrency: 1, enrolmentToken: async () => tokens.shift() ?? 'token' })
    await until(startMs + dayMs)
    await fleet.stop()

    expect(api.enrolled()).toBe(20)
    expect(tokens).toEqual([])
  })
})
