import type { DeviceTruth } from '../../local/fleet/device-truth.ts'
import type { Rotation } from '../rotations/rotation.ts'
import { stateCounts } from '../rotations/state-counts.ts'
import { facts } from '../table.ts'
import { counts, duration } from '../words.ts'
import type { Story } from './story.ts'

/** What became of a rotation. */
export interface RotationSummary {
  readonly name: string
  readonly story: string
  readonly outcome: 'completed' | 'aborted' | 'failed'
  readonly reason: string
  readonly simulatedHours: number
  /** Devices by where they stand in the end. */
  readonly devices: Readonly<Record<string, number>>
  /** Devices that the package broke at any time. */
  readonly harmedDevices: number
  /** Devices that the package is still in force on. */
  readonly devicesOnPackage: number
}

/** What became of a demo. */
export interface DemoSummary {
  readonly fleet: number
  readonly seed: number
  readonly checkIns: number
  readonly tookSeconds: number
  readonly rotations: readonly RotationSummary[]
}

/** What became of a rotation that is over, by its own account and by what is true of the devices. */
export function summarise(story: Story, rotation: Rotation, devices: readonly DeviceTruth[]): RotationSummary {
  const { name, status, stateReason, createdAt, endedAt = createdAt, harmedDevices, packageId } = rotation
  return {
    name,
    story: story.title,
    outcome: status === 'completed' ? 'completed' : status === 'rolled_back' ? 'aborted' : 'failed',
    reason: stateReason,
    simulatedHours: Math.round((Date.parse(endedAt) - Date.parse(createdAt)) / 360_000) / 10,
    devices: stateCounts(rotation.devices),
    harmedDevices,
    devicesOnPackage: devices.filter(({ activePackageId }) => activePackageId === packageId).length,
  }
}

/** The summary for people. */
export function summaryText({ fleet, seed, checkIns, tookSeconds, rotations }: DemoSummary): string {
  const head = `${fleet} devices (seed ${seed}), ${checkIns} check-ins, ${tookSeconds} s`
  return [head, ...rotations.map((rotation) => rotationText(rotation, fleet))].join('\n\n')
}

function rotationText(rotation: RotationSummary, fleet: number): string {
  const { name, story, outcome, reason, simulatedHours, devices, harmedDevices, devicesOnPackage } = rotation
  return `${name}: ${outcome}\n${facts({
    '  story': story,
    '  why': reason,
    '  simulated': duration(simulatedHours * 3_600_000),
    '  devices': counts(devices),
    '  harmed': `${harmedDevices} of ${fleet} devices`,
    '  in force': `on ${devicesOnPackage} devices at the end`,
  })}`
}
