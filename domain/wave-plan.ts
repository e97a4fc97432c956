import { bucketCount, thresholdOfPercent } from './bucket.ts'
import type { Violation } from './errors.ts'
import type { WaveTarget } from './rotation.ts'

const maximumWaves = 20

/** A percent of four decimals is a whole number of buckets. */
const percentSteps = 10_000

/**
 * What is wrong with the waves of a plan: they are 1 to 20, percents and counts each rise, and the last is 100 percent.
 *
 * Pointers start at the list, as `/waves/2/percent`.
 */
export function validateWaves(waves: readonly WaveTarget[]): Violation[] {
  if (waves.length < 1 || waves.length > maximumWaves) {
    return [{ pointer: '/waves', detail: `The plan has ${waves.length} waves; expected 1 to ${maximumWaves}` }]
  }
  return [
    ...waves.flatMap(checkTarget),
    ...checkRise(waves, 'percent'),
    ...checkRise(waves, 'count'),
    ...checkEnd(waves),
  ]
}

function checkTarget(target: WaveTarget, index: number): Violation[] {
  if ('count' in target) {
    if (Number.isSafeInteger(target.count) && target.count > 0) return []
    return [
      { pointer: `/waves/${index}/count`, detail: `'${target.count}' is no count; expected a whole number above 0` },
    ]
  }
  const { percent } = target
  if (percent > 0 && percent <= 100 && isWholeSteps(percent)) return []
  const detail = `'${percent}' is no percent; expected more than 0, at most 100, with at most 4 decimals`
  return [{ pointer: `/waves/${index}/percent`, detail }]
}

function isWholeSteps(percent: number): boolean {
  return Math.round(percent * percentSteps) / percentSteps === percent
}

function checkRise(waves: readonly WaveTarget[], unit: 'percent' | 'count'): Violation[] {
  const targets = waves.flatMap((target, index) => {
    const value = unit === 'count' ? countOf(target) : percentOf(target)
    return value === undefined ? [] : [{ value, index }]
  })
  return targets.flatMap(({ value, index }, place) => {
    const before = targets[place - 1]?.value
    if (before === undefined || value > before) return []
    return [{ pointer: `/waves/${index}/${unit}`, detail: `'${value}' does not rise; expected more than '${before}'` }]
  })
}

function checkEnd(waves: readonly WaveTarget[]): Violation[] {
  const last = waves.at(-1)
  if (!last || percentOf(last) === 100) return []
  const detail = `The last wave is '${JSON.stringify(last)}'; expected 100 percent, so that every device is moved`
  return [{ pointer: `/waves/${waves.length - 1}`, detail }]
}

function percentOf(target: WaveTarget): number | undefined {
  return 'percent' in target ? target.percent : undefined
}

function countOf(target: WaveTarget): number | undefined {
  return 'count' in target ? target.count : undefined
}

/**
 * The cohort's threshold in a wave, never below that of the wave before.
 *
 * A count is turned into a share of the `scopeDevices`, so the wave holds about that many. Where nothing is in scope a
 * count moves the threshold nowhere: devices that come later wait for a wave that is meant for them.
 */
export function waveThreshold({
  target,
  scopeDevices,
  previousThreshold,
}: {
  readonly target: WaveTarget
  readonly scopeDevices: number
  readonly previousThreshold: number
}): number {
  const threshold =
    'percent' in target ? thresholdOfPercent(target.percent) : thresholdOfCount(target.count, scopeDevices)
  return Math.max(previousThreshold, threshold)
}

function thresholdOfCount(count: number, scopeDevices: number): number {
  return scopeDevices === 0 ? 0 : Math.ceil(Math.min(1, count / scopeDevices) * bucketCount)
}

/**
 * How many of `scopeDevices` a wave brings into the cohort at least, all but certainly.
 *
 * Buckets are drawn like lots: the number varies around its mean, most for small waves. Taking two standard deviations
 * less keeps a gate from waiting for devices that do not exist. A wave that should hold three or more counts on one at
 * least, so that no gate opens on nothing.
 */
export function expectedDevices({
  threshold,
  previousThreshold,
  scopeDevices,
}: {
  readonly threshold: number
  readonly previousThreshold: number
  readonly scopeDevices: number
}): number {
  const share = (threshold - previousThreshold) / bucketCount
  const mean = scopeDevices * share
  const deviation = Math.sqrt(mean * (1 - share))
  return Math.max(mean >= 3 ? 1 : 0, Math.floor(mean - 2 * deviation))
}
