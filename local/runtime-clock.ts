import { existsSync, readFileSync } from 'node:fs'
import { type Clock, type ClockMode, startClock } from './clock.ts'
import { replaceFile } from './replace-file.ts'

/**
 * The runtime's clock. One that runs ahead of the machine's time goes on after a restart, or after a crash, where it
 * was: the file at `path` always holds a time that was not reached yet.
 */
export function startRuntimeClock(mode: ClockMode, path: string): Clock {
  const keptMs = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  const isAhead = keptMs > Date.now()
  const clock = startClock(mode, Math.max(keptMs, Date.now()))
  return mode.kind === 'real' && !isAhead ? clock : keptClock(clock, mode, path)
}

/** How far ahead of the clock the kept time is set, so that it need not be written at every tick. */
function marginOf(mode: ClockMode): number {
  const minuteMs = 60_000
  if (mode.kind === 'skip-idle') return 10 * minuteMs
  return mode.kind === 'factor' ? minuteMs * Math.max(1, mode.factor / 10) : minuteMs
}

function keptClock(clock: Clock, mode: ClockMode, path: string): Clock {
  const marginMs = marginOf(mode)
  let keptMs = 0
  const keep = (timeMs: number) => {
    keptMs = timeMs
    replaceFile(path, String(timeMs))
  }
  return {
    ...clock,
    now() {
      const nowMs = clock.now()
      if (nowMs >= keptMs) keep(nowMs + marginMs)
      return nowMs
    },
    stop() {
      clock.stop()
      keep(clock.now())
    },
  }
}
