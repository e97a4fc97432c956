import type { ProgressState } from './device.ts'
import type { GateFacts } from './facts.ts'
import type { GatePlan, Rotation, Wave } from './rotation.ts'
import { logMixture } from './statistics/log-mixture.ts'

/** Devices by where they stand; `harmed` are those that failed or stayed unverified at any time. Absent is none. */
export type ProgressCounts = Readonly<Partial<Record<ProgressState | 'harmed', number>>>

interface GateSituation {
  readonly rotation: Pick<Rotation, 'status' | 'plan' | 'approvedWaves' | 'pausedAt'>
  readonly wave: Pick<Wave, 'wave' | 'expectedDevices' | 'enteredAt' | 'pausedMinutes'>
  /** Devices that the wave brought in. */
  readonly waveCounts: ProgressCounts
  /** Devices of the whole rotation. */
  readonly rotationCounts: ProgressCounts
  readonly now: string
}

/** What the gate rules are to know about a wave at `now`. */
export function gateFacts({ rotation, wave, waveCounts, rotationCounts, now }: GateSituation): GateFacts {
  const { gate } = rotation.plan
  return {
    rotation: {
      isPaused: rotation.status === 'paused',
      isAborting: rotation.status === 'aborting',
      harmedDevices: rotationCounts.harmed ?? 0,
    },
    wave: {
      index: wave.wave,
      soakedMinutes: soakedMinutes(rotation, wave, now),
      soakMinutes: gate.soakMinutes,
      minOutcomePercent: gate.minOutcomePercent,
      minReachedPercent: gate.minReachedPercent,
      needsApproval: needsApproval(gate, wave.wave),
      isApproved: rotation.approvedWaves.includes(wave.wave),
    },
    devices: deviceFacts(waveCounts, wave.expectedDevices),
    evidence: evidence(rotationCounts, gate),
  }
}

/** Time since the wave was entered, without the pauses: those that are over, and the one that lasts. */
function soakedMinutes(
  { status, pausedAt }: GateSituation['rotation'],
  { enteredAt, pausedMinutes }: GateSituation['wave'],
  now: string,
): number {
  const untilAt = status === 'paused' && pausedAt !== undefined ? pausedAt : now
  return Math.max(0, (Date.parse(untilAt) - Date.parse(enteredAt)) / 60_000 - pausedMinutes)
}

function needsApproval({ approval }: GatePlan, wave: number): boolean {
  return approval === 'everyWave' || (approval === 'validation' && wave === 0)
}

function deviceFacts(counts: ProgressCounts, expected: number): GateFacts['devices'] {
  const { succeeded = 0, failed = 0, unverified = 0, verifying = 0, pending_restart: pendingRestart = 0 } = counts
  const { assigned = 0, retracted = 0, rolled_back: rolledBack = 0, unreachable = 0 } = counts
  const outcomes = succeeded + failed + unverified
  const activated = verifying + outcomes
  const reached = assigned + pendingRestart + activated + retracted + rolledBack
  return {
    expected,
    reached,
    pendingRestart,
    unreachable,
    activated,
    succeeded,
    failed,
    unverified,
    reachedPercent: percent(reached, expected),
    outcomePercent: reached === 0 && expected > 0 ? 0 : percent(outcomes, reached),
  }
}

/** How many of 100; all where nothing is expected, and never more than all. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.min(100, (100 * part) / whole)
}

function evidence(counts: ProgressCounts, gate: GatePlan): GateFacts['evidence'] {
  const { succeeded = 0, failed = 0, unverified = 0 } = counts
  const failures = failed + unverified
  const outcomes = succeeded + failures
  return {
    outcomes,
    failures,
    logMixture: logMixture({ outcomes, failures }, gate.baselineFailureRate),
    abortAtLogMixture: -Math.log(gate.falseAbortProbability),
  }
}
