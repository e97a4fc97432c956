import type { Machine, RestartHabit } from './machine.ts'
import { type PackageFailure, type PackageOutcome, packageOutcome } from './package-failure.ts'
import type { DeviceState } from './simulated-device.ts'

/** What is true of a simulated device, whatever it told anybody. */
export interface DeviceTruth {
  readonly name: string
  readonly osVersion: string
  readonly restartHabit: RestartHabit
  /** Absent until the device is enrolled. */
  readonly deviceId?: string | undefined
  readonly activePackageId?: string | undefined
  readonly pendingPackageId?: string | undefined
  /** How the active package does on the device. */
  readonly outcome: PackageOutcome
  readonly lastRestartAt?: string | undefined
  readonly nextRestartAt: string
  readonly nextCheckInAt: string
  /** Why its last request failed. */
  readonly problem?: string | undefined
}

/** A device of the fleet as it stands. */
export interface SimulatedDevice {
  readonly machine: Machine
  readonly state: DeviceState
  readonly problem: string | undefined
}

/** What decides which packages break which devices. */
export interface Fate {
  readonly seed: number
  /** By package id; a package that is not listed breaks nothing. */
  readonly failures: ReadonlyMap<string, PackageFailure>
}

/** What is true of the device. */
export function truthOf(device: SimulatedDevice, fate: Fate): DeviceTruth {
  const { machine, state, problem } = device
  const { name, osVersion, restartHabit } = machine
  const { activePackageId, pendingPackageId, lastRestartAt } = state.agent
  return {
    name,
    osVersion,
    restartHabit,
    deviceId: state.identity?.deviceId,
    activePackageId,
    pendingPackageId,
    outcome: outcomeOn(device, fate),
    lastRestartAt,
    nextRestartAt: new Date(state.nextRestartMs).toISOString(),
    nextCheckInAt: new Date(state.nextCheckInMs).toISOString(),
    problem,
  }
}

/** How the active package does on the device. */
export function outcomeOn({ machine, state }: SimulatedDevice, { seed, failures }: Fate): PackageOutcome {
  const packageId = state.agent.activePackageId
  const deviceId = state.identity?.deviceId
  if (packageId === undefined || deviceId === undefined) return 'works'
  return packageOutcome(failures.get(packageId), { seed, deviceId, packageId, osVersion: machine.osVersion })
}
