import { facts, table } from '../table.ts'
import { counts, duration, instant, words } from '../words.ts'
import { type Rotation, type Wave, waveName } from './rotation.ts'
import { stateCounts } from './state-counts.ts'

/** A rotation for an operator to read: how it stands, why it does not move, and what each wave has shown. */
export function rotationText(rotation: Rotation): string {
  const { name, rotationId, status, stateReason, waitingFor, latestDecision, createdAt, endedAt } = rotation
  const summary = facts({
    rotation: `${name} (${rotationId})`,
    status: `${words(status)}: ${stateReason}`,
    started: instant(createdAt),
    ended: endedAt && `${instant(endedAt)}, after ${duration(Date.parse(endedAt) - Date.parse(createdAt))}`,
    'waits for': waitingFor && `${waitingFor.cause}, since ${instant(waitingFor.sinceAt)}`,
    'what ends it': waitingFor?.endsWhen,
    'latest gate': latestDecision && decisionText(latestDecision),
    devices: counts(stateCounts(rotation.devices)) || 'none yet',
    harmed: `${rotation.harmedDevices} devices`,
    execution: rotation.executionId,
  })
  const columns = ['wave', 'state', 'entered', 'ended', 'expected', 'devices']
  return `${summary}\n\n${table(columns, rotation.waves.map(waveRow))}`
}

function decisionText({ decision, rule, decidedAt, message, remedy, facts: seen = {} }: Decision): string {
  const lines = sorted(seen).map(([name, values]) => `${words(name)}: ${valuesText(values)}`)
  return [`${decision} by rule ${rule}, ${instant(decidedAt)}`, message, remedy, ...lines].join('\n')
}

type Decision = NonNullable<Rotation['latestDecision']>

function valuesText(values: unknown): string {
  if (typeof values !== 'object' || values === null) return String(values)
  return sorted(values)
    .map(([name, value]) => `${words(name)} ${typeof value === 'number' ? rounded(value) : String(value)}`)
    .join(', ')
}

const sorted = (values: object) => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))

const rounded = (value: number) => String(Math.round(value * 1000) / 1000)

function waveRow(wave: Wave): string[] {
  const { state, enteredAt, endedAt, expectedDevices, devices } = wave
  const expected = expectedDevices === undefined ? '' : String(expectedDevices)
  return [waveName(wave), words(state), instant(enteredAt), instant(endedAt), expected, counts(stateCounts(devices))]
}
