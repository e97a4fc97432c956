import { counts } from '../words.ts'
import { type Wave, waveName } from './rotation.ts'
import { stateCounts } from './state-counts.ts'

/** How far a wave has come. */
export interface WaveProgress {
  readonly name: string
  /** Devices that have an outcome. */
  readonly decided: number
  /** Devices that the wave is about, as far as known. */
  readonly devices: number
  readonly detail: string
}

/** How far a wave has come: outcomes among its devices. */
export function waveProgress(wave: Wave): WaveProgress {
  const states = stateCounts(wave.devices)
  const known = Object.values(states).reduce((sum, count) => sum + count, 0)
  const decided = outcomes.reduce((sum, state) => sum + (states[state] ?? 0), 0)
  const detail = wave.enteredAt === undefined ? 'not started' : counts(states) || wave.state
  return { name: waveName(wave), decided, devices: Math.max(known, wave.expectedDevices ?? 0), detail }
}

const outcomes = ['succeeded', 'failed', 'unverified'] as const
