import { createHash } from 'node:crypto'
import { draw } from './draw.ts'

/** How often a machine is restarted: once a day, once a week or once a month on average. */
export type RestartHabit = 'daily' | 'weekly' | 'monthly'

/** What a simulated machine is, once and for all. */
export interface Machine {
  /** The machine's own stable key, by which enrolling again finds the same device. */
  readonly deviceKey: string
  readonly name: string
  readonly osVersion: string
  readonly restartHabit: RestartHabit
  /** Whether it is off the network for days now and then. */
  readonly isTraveller: boolean
}

/** The machine of that index in the fleet of that seed; where a habit is named, every machine has it. */
export function machineOf(seed: number, index: number, habit?: RestartHabit): Machine {
  const deviceKey = createHash('sha256').update(`machine/${seed}/${index}`).digest('hex').slice(0, 32)
  return {
    deviceKey,
    name: `PC-${String(index + 1).padStart(5, '0')}`,
    osVersion: choose(osVersions, draw(deviceKey, 'osVersion')),
    restartHabit: habit ?? choose(restartHabits, draw(deviceKey, 'restartHabit')),
    isTraveller: draw(deviceKey, 'isTraveller') < travellerShare,
  }
}

/** Whether the text names a habit. */
export function isRestartHabit(text: string): text is RestartHabit {
  return Object.hasOwn(meanUptimeMs, text)
}

/** Until when the machine is off the network, in milliseconds since the epoch; undefined where it is on it. */
export function offlineUntil({ deviceKey, isTraveller }: Machine, nowMs: number): number | undefined {
  if (!isTraveller) return undefined
  const journey = Math.floor(nowMs / journeyEveryMs)
  const lengthMs = (1 + 5 * draw(deviceKey, 'journey length', journey)) * dayMs
  const startMs = journey * journeyEveryMs + draw(deviceKey, 'journey start', journey) * (journeyEveryMs - lengthMs)
  return startMs <= nowMs && nowMs < startMs + lengthMs ? Math.ceil(startMs + lengthMs) : undefined
}

/** How long the machine runs from its restart of that number until the next one, in milliseconds. */
export function uptime({ deviceKey, restartHabit }: Machine, restarts: number): number {
  const meanMs = meanUptimeMs[restartHabit]
  const at = draw(deviceKey, 'uptime', restarts)
  if (restarts === 0) return minuteMs * (10 + 50 * at)
  return restarts === 1 ? meanMs * at : meanMs * (0.6 + 0.8 * at)
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const journeyEveryMs = 14 * dayMs
const travellerShare = 0.12
const meanUptimeMs: Readonly<Record<RestartHabit, number>> = { daily: dayMs, weekly: 7 * dayMs, monthly: 30 * dayMs }

type Shares<T> = readonly (readonly [share: number, value: T])[]

const restartHabits: Shares<RestartHabit> = [
  [0.6, 'daily'],
  [0.3, 'weekly'],
  [0.1, 'monthly'],
]

/** Builds as Windows' release health pages list them: Windows 11 24H2 and 23H2, Windows 10 22H2. */
const osVersions: Shares<string> = [
  [0.3, '10.0.26100.6899'],
  [0.15, '10.0.26100.6584'],
  [0.25, '10.0.22631.6060'],
  [0.1, '10.0.22631.5909'],
  [0.15, '10.0.19045.6456'],
  [0.05, '10.0.19045.6332'],
]

/** The value whose share of the range from 0 to 1 holds `at`. */
function choose<T>(shares: Shares<T>, at: number): T {
  let reached = 0
  for (const [share, value] of shares) {
    reached += share
    if (at < reached) return value
  }
  return choose(shares, 0)
}
