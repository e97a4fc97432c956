import type { Clock } from '../clock.ts'
import { report } from './agent.ts'
import { type DeviceApi, DeviceApiError, deviceApi } from './device-api.ts'
import { type FleetStore, openFleetStore } from './fleet-store.ts'
import { lanes } from './lanes.ts'
import { type Machine, machineOf, type RestartHabit } from './machine.ts'
import { type PackageFailure, type PackageOutcome, packageOutcome, parsePackageFailure } from './package-failure.ts'
import {
  advanced,
  afterCheckIn,
  afterEnrolment,
  afterFailure,
  type DeviceState,
  newDevice,
} from './simulated-device.ts'

export interface FleetOptions {
  /** Where the device API is. */
  readonly endpoint: string
  readonly clock: Clock
  /** Where the fleet is kept: started again on the same directory, it goes on where it was. */
  readonly dataDir: string
  /** How many devices there are. */
  readonly size: number
  /** Equal seeds, equal fleets. */
  readonly seed: number
  /** What devices enrol with; asked for when the first one does. */
  readonly enrolmentToken: string | (() => Promise<string>)
  /** What packages break, by package id, in the words of `parsePackageFailure`. */
  readonly packageFailures?: Readonly<Record<string, string>>
  /** How many devices may be speaking to the API at once. */
  readonly concurrency?: number
}

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

/** A fleet of simulated devices at work. */
export interface Fleet {
  /** Every device, in the order of the fleet. */
  devices(): DeviceTruth[]
  /** Says what a package breaks from now on: `none`, `all:0.1`, `osVersion=10.0.19045:0.5,silent=0.5`. */
  setPackageFailure(packageId: string, specification: string): void
  /** How many check-ins were answered since the start. */
  checkIns(): number
  stop(): Promise<void>
}

/** Sets a fleet to work: every device enrols, then lives on by its habits until the fleet is stopped. */
export function startFleet(options: FleetOptions): Fleet {
  const { endpoint, clock, dataDir, size, seed, concurrency = 16 } = options
  const failures = new Map<string, PackageFailure>()
  for (const [packageId, text] of Object.entries(options.packageFailures ?? {}))
    failures.set(packageId, parsePackageFailure(text))

  const api = deviceApi(endpoint, concurrency)
  const store = openFleetStore(dataDir)
  const inLane = lanes(concurrency)
  const conversation = { api, clock, store, seed, failures, enrolmentToken: onceAsked(options.enrolmentToken) }
  const devices = populate(store, { seed, size, nowMs: clock.now() })
  const underWay = new Set<Promise<void>>()
  let checkIns = 0
  let isStopped = false

  function wake(device: Device): void {
    update(store, device, advanced(device.machine, device.state, clock.now()))
    if (device.state.nextCheckInMs > clock.now()) return schedule(device)
    const call = clock.track(inLane(async () => (isStopped ? undefined : contact(device))))
    underWay.add(call)
    void call.finally(() => underWay.delete(call)).then(() => schedule(device))
  }

  async function contact(device: Device): Promise<void> {
    const { machine } = device
    try {
      await talk(device, conversation)
      device.problem = undefined
      checkIns++
    } catch (error) {
      device.problem = error instanceof Error ? error.message : String(error)
      update(store, device, afterFailure(machine, withoutRefused(device.state, error), clock.now()))
    }
  }

  function schedule(device: Device): void {
    if (isStopped) return
    const { nextRestartMs, nextCheckInMs } = device.state
    device.cancel = clock.at(nextTick(Math.min(nextRestartMs, nextCheckInMs), clock.now()), () => wake(device))
  }

  for (const device of devices) schedule(device)
  return {
    devices: () => devices.map((device) => truth(device, seed, failures)),
    setPackageFailure: (packageId, text) => void failures.set(packageId, parsePackageFailure(text)),
    checkIns: () => checkIns,
    async stop() {
      isStopped = true
      for (const { cancel } of devices) cancel()
      await Promise.all(underWay)
      api.close()
      store.close()
    },
  }
}

interface Device {
  readonly machine: Machine
  state: DeviceState
  problem: string | undefined
  cancel: () => void
}

interface Conversation {
  readonly api: DeviceApi
  readonly clock: Clock
  readonly store: FleetStore
  readonly seed: number
  readonly failures: ReadonlyMap<string, PackageFailure>
  readonly enrolmentToken: () => Promise<string>
}

function populate(store: FleetStore, { seed, size, nowMs }: { seed: number; size: number; nowMs: number }): Device[] {
  const states = store.load()
  return Array.from({ length: size }, (_, index) => {
    const machine = machineOf(seed, index)
    const state = states.get(machine.deviceKey) ?? newDevice(machine, nowMs)
    return { machine, state, problem: undefined, cancel: () => undefined }
  })
}

/** Devices act on a grid of five minutes, so that several of them speak at once, as they do in a real fleet. */
const tickMs = 5 * 60_000

function nextTick(dueMs: number, nowMs: number): number {
  return dueMs <= nowMs ? nowMs : Math.ceil(dueMs / tickMs) * tickMs
}

/** One check-in of the device, which enrols first where it must. */
async function talk(device: Device, { api, clock, store, seed, failures, enrolmentToken }: Conversation) {
  const { machine } = device
  const { deviceKey, name, osVersion } = machine
  if (!device.state.identity) {
    const enrolled = await api.enrol({ enrolmentToken: await enrolmentToken(), deviceKey, name, osVersion })
    update(store, device, afterEnrolment(machine, device.state, enrolled, clock.now()))
  }
  const { agent, identity } = device.state
  if (!identity) return
  const body = { ...report(agent, outcomeOn(device, seed, failures)), osVersion }
  const answer = await api.checkIn(identity.credential, body)
  update(store, device, afterCheckIn(machine, device.state, answer, clock.now()))
}

function update(store: FleetStore, device: Device, state: DeviceState): void {
  if (state === device.state) return
  device.state = state
  store.save(device.machine.deviceKey, state)
}

/** A device whose credential is not known any more enrols again. */
function withoutRefused(state: DeviceState, error: unknown): DeviceState {
  const isRefused = error instanceof DeviceApiError && (error.status === 401 || error.status === 403)
  return isRefused ? { ...state, identity: undefined } : state
}

function outcomeOn({ machine, state }: Device, seed: number, failures: ReadonlyMap<string, PackageFailure>) {
  const packageId = state.agent.activePackageId
  const deviceId = state.identity?.deviceId
  if (packageId === undefined || deviceId === undefined) return 'works'
  return packageOutcome(failures.get(packageId), { seed, deviceId, packageId, osVersion: machine.osVersion })
}

/** Asks for the token when it is first needed, and again only where that failed. */
function onceAsked(source: FleetOptions['enrolmentToken']): () => Promise<string> {
  if (typeof source === 'string') return async () => source
  let token: Promise<string> | undefined
  return () => {
    token ??= source().catch((error: unknown) => {
      token = undefined
      throw error
    })
    return token
  }
}

function truth(device: Device, seed: number, failures: ReadonlyMap<string, PackageFailure>): DeviceTruth {
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
    outcome: outcomeOn(device, seed, failures),
    lastRestartAt,
    nextRestartAt: new Date(state.nextRestartMs).toISOString(),
    nextCheckInAt: new Date(state.nextCheckInMs).toISOString(),
    problem,
  }
}
