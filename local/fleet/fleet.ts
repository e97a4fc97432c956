import type { Clock } from '../clock.ts'
import { type Conversation, converse, enrolmentTokens } from './converse.ts'
import { deviceApi } from './device-api.ts'
import { type DeviceTruth, outcomeOn, type SimulatedDevice, truthOf } from './device-truth.ts'
import { type FleetStore, openFleetStore } from './fleet-store.ts'
import { lanes } from './lanes.ts'
import { machineOf, type RestartHabit } from './machine.ts'
import { parsePackageFailure } from './package-failure.ts'
import { advanced, type DeviceState, newDevice } from './simulated-device.ts'

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
  /** How often every machine is restarted; by default each has a habit of its own. */
  readonly restartHabit?: RestartHabit | undefined
  /** What devices enrol with; asked for when the first one does. */
  readonly enrolmentToken: string | (() => Promise<string>)
  /** What packages break, by package id, in the words of `parsePackageFailure`. */
  readonly packageFailures?: Readonly<Record<string, string>>
  /** How many devices may be speaking to the API at once. */
  readonly concurrency?: number
}

/** A fleet of simulated devices at work. */
export interface Fleet {
  /** What is true of every device, in the order of the fleet. */
  devices(): DeviceTruth[]
  /** Says what a package breaks from now on: `none`, `all:0.1`, `osVersion=10.0.19045:0.5,silent=0.5`. */
  setPackageFailure(packageId: string, specification: string): void
  /** How many check-ins were answered since the start. */
  checkIns(): number
  stop(): Promise<void>
}

/** Sets a fleet to work: every device enrols, then lives on by its habits until the fleet is stopped. */
export function startFleet(options: FleetOptions): Fleet {
  const { clock, concurrency = 16 } = options
  const world = openWorld(options, concurrency)
  const devices = populate(world.store, options, clock.now())
  const inLane = lanes(concurrency)
  const underWay = new Set<Promise<void>>()
  let checkIns = 0
  let isStopped = false

  function schedule(device: Resident): void {
    if (isStopped) return
    const { nextRestartMs, nextCheckInMs } = device.state
    device.cancel = clock.at(nextTick(Math.min(nextRestartMs, nextCheckInMs), clock.now()), () => wake(device))
  }

  function wake(device: Resident): void {
    keep(world, device, advanced(device.machine, device.state, clock.now()))
    if (device.state.nextCheckInMs <= clock.now()) call(device)
    else schedule(device)
  }

  function call(device: Resident): void {
    const done = clock.track(inLane(() => contact(device)))
    underWay.add(done)
    void done.finally(() => underWay.delete(done)).then(() => schedule(device))
  }

  async function contact(device: Resident): Promise<void> {
    if (isStopped) return
    device.problem = await converse(device.state, conversationOf(device, world))
    if (device.problem === undefined) checkIns++
  }

  for (const device of devices) schedule(device)
  return {
    devices: () => devices.map((device) => truthOf(device, world.fate)),
    setPackageFailure: (packageId, text) => void world.fate.failures.set(packageId, parsePackageFailure(text)),
    checkIns: () => checkIns,
    async stop() {
      isStopped = true
      for (const { cancel } of devices) cancel()
      await Promise.all(underWay)
      world.close()
    },
  }
}

/** What all devices of a fleet have in common. */
type World = ReturnType<typeof openWorld>

function openWorld(options: FleetOptions, concurrency: number) {
  const { endpoint, clock, dataDir, seed, enrolmentToken, packageFailures = {} } = options
  const api = deviceApi(endpoint, concurrency)
  const store = openFleetStore(dataDir)
  const failures = Object.entries(packageFailures).map(([id, text]) => [id, parsePackageFailure(text)] as const)
  return {
    api,
    store,
    tokens: enrolmentTokens(enrolmentToken),
    now: clock.now,
    fate: { seed, failures: new Map(failures) },
    close() {
      api.close()
      store.close()
    },
  }
}

function conversationOf(device: Resident, world: World): Conversation {
  const { api, tokens, now, fate } = world
  return {
    machine: device.machine,
    api,
    tokens,
    now,
    outcome: (state) => outcomeOn({ ...device, state }, fate),
    keep: (state) => keep(world, device, state),
  }
}

function keep({ store }: World, device: Resident, state: DeviceState): void {
  if (state === device.state) return
  device.state = state
  store.save(device.machine.deviceKey, state)
}

interface Resident extends SimulatedDevice {
  state: DeviceState
  problem: string | undefined
  cancel: () => void
}

function populate(store: FleetStore, { seed, size, restartHabit }: FleetOptions, nowMs: number): Resident[] {
  const states = store.load()
  return Array.from({ length: size }, (_, index) => {
    const machine = machineOf(seed, index, restartHabit)
    const state = states.get(machine.deviceKey) ?? newDevice(machine, nowMs)
    return { machine, state, problem: undefined, cancel: () => undefined }
  })
}

/** Devices act on a grid of five minutes, so that several of them speak at once, as they do in a real fleet. */
const tickMs = 5 * 60_000

function nextTick(dueMs: number, nowMs: number): number {
  return dueMs <= nowMs ? nowMs : Math.ceil(dueMs / tickMs) * tickMs
}
