import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { ClockMode } from '../../local/clock.ts'
import { startRuntimeClock } from '../../local/runtime-clock.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'rampart-')), 'clock')

const dayMs = 86_400_000

/** Lets a clock that skips idle time run for `days`; returns the time it shows then. */
function runFor(days: number, path: string): Promise<{ nowMs: number; stop: () => void }> {
  const clock = startRuntimeClock({ kind: 'skip-idle' }, path)
  const untilMs = clock.now() + days * dayMs
  return new Promise((resolve) => {
    clock.at(untilMs, () => resolve({ nowMs: clock.now(), stop: () => clock.stop() }))
  })
}

test('goes on after a crash no earlier than any time that it showed', async () => {
  const path = newPath()
  const { nowMs } = await runFor(30, path)

  expect(startRuntimeClock({ kind: 'skip-idle' }, path).now()).toBeGreaterThanOrEqual(nowMs)
})

test('goes on after it was stopped exactly where it was', async () => {
  const path = newPath()
  const { nowMs, stop } = await runFor(30, path)
  stop()

  expect(startRuntimeClock({ kind: 'skip-idle' }, path).now()).toBe(nowMs)
})

test.each<ClockMode>([{ kind: 'real' }, { kind: 'factor', factor: 60 }])(
  'in mode %j goes on from a time that lies ahead',
  (mode) => {
    const path = newPath()
    const aheadMs = Date.now() + 30 * dayMs
    writeFileSync(path, String(aheadMs))

    const clock = startRuntimeClock(mode, path)
    expect(clock.now()).toBeGreaterThanOrEqual(aheadMs)
    clock.stop()
  },
)

test("shows the machine's time where no other time was kept", () => {
  const beforeMs = Date.now()
  const clock = startRuntimeClock({ kind: 'real' }, newPath())

  expect(Math.abs(clock.now() - beforeMs)).toBeLessThan(5000)
  clock.stop()
})
