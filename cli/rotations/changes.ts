import { counts, words } from '../words.ts'
import { type Rotation, type Wave, waveName } from './rotation.ts'
import { stateCounts } from './state-counts.ts'

/** What an operator would want to be told has changed about a rotation, a line each. */
export function changes(before: Rotation | undefined, after: Rotation): string[] {
  const waves = after.waves.flatMap((wave) => waveChanges(before, wave))
  return [...waves, ...gateChanges(before, after), ...statusChanges(before, after)]
}

function statusChanges(before: Rotation | undefined, { name, status, stateReason }: Rotation): string[] {
  return before?.status === status ? [] : [`${name} is ${words(status)}: ${stateReason}`]
}

function waveChanges(before: Rotation | undefined, wave: Wave): string[] {
  const was = before?.waves.find((each) => each.wave === wave.wave)
  if (wave.enteredAt === undefined || was?.state === wave.state) return []
  const { harmed = 0 } = wave.devices
  const devices = counts(stateCounts(wave.devices)) || `${wave.expectedDevices ?? 0} expected`
  return [`${waveName(wave)} is ${words(wave.state)}: ${devices}${harmed > 0 ? `; ${harmed} harmed` : ''}`]
}

function gateChanges(before: Rotation | undefined, { latestDecision }: Rotation): string[] {
  const was = before?.latestDecision
  if (!latestDecision || (was?.rule === latestDecision.rule && was.wave === latestDecision.wave)) return []
  const { decision, rule, message } = latestDecision
  return [`the gate says ${decision} (${rule}): ${message}`]
}
