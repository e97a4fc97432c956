import { type Agent, newAgent, received, restarted } from './agent.ts'
import type { CheckInAnswer, Enrolled } from './device-api.ts'
import { draw } from './draw.ts'
import { type Machine, offlineUntil, uptime } from './machine.ts'

/** What a simulated device must not forget, so that it goes on when its simulator was killed. */
export interface DeviceState {
  /** Absent until the device is enrolled. */
  readonly identity?: { readonly deviceId: string; readonly credential: string } | undefined
  readonly agent: Agent
  readonly restarts: number
  readonly nextRestartMs: number
  readonly nextCheckInMs: number
  /** Requests in a row that failed. */
  readonly failures: number
}

/** A device that nothing happened to yet; it wants to enrol at once. */
export function newDevice(machine: Machine, nowMs: number): DeviceState {
  return { agent: newAgent, restarts: 0, nextRestartMs: nowMs + uptime(machine, 0), nextCheckInMs: nowMs, failures: 0 }
}

/**
 * The device after all that it does by itself until `nowMs`: it restarts, and puts off what the network is needed for.
 *
 * Machines are set up on the network, so that they leave it only once they are enrolled.
 */
export function advanced(machine: Machine, state: DeviceState, nowMs: number): DeviceState {
  const present = state.nextRestartMs > nowMs ? state : afterRestart(machine, state, nowMs)
  const wantsNetwork = present.identity && present.nextCheckInMs <= nowMs
  const backOnlineMs = wantsNetwork ? offlineUntil(machine, nowMs) : undefined
  return backOnlineMs === undefined ? present : { ...present, nextCheckInMs: backOnlineMs }
}

/** The device once it is enrolled. Setting it up ends with a restart, within the hour. */
export function afterEnrolment(machine: Machine, state: DeviceState, enrolled: Enrolled, nowMs: number): DeviceState {
  const { deviceId, credential } = enrolled
  const isNew = state.agent.etag === undefined
  const nextRestartMs = isNew ? nowMs + uptime(machine, 0) : state.nextRestartMs
  return { ...state, identity: { deviceId, credential }, nextRestartMs }
}

/** The device after a check-in; it comes again when it was told to, give or take a tenth. */
export function afterCheckIn(machine: Machine, state: DeviceState, answer: CheckInAnswer, nowMs: number): DeviceState {
  const jitter = 0.9 + 0.2 * draw(machine.deviceKey, 'check-in', nowMs)
  const nextCheckInMs = Math.round(nowMs + answer.nextCheckInSeconds * 1000 * jitter)
  return { ...state, agent: received(state.agent, answer), nextCheckInMs, failures: 0 }
}

/** The device after a request failed: nothing is lost, and it asks again after a while that grows with every failure. */
export function afterFailure(machine: Machine, state: DeviceState, nowMs: number): DeviceState {
  const waitMs = Math.min(longestWaitMs, shortestWaitMs * 2 ** state.failures)
  const jitter = 0.5 + draw(machine.deviceKey, 'retry', nowMs)
  return { ...state, nextCheckInMs: Math.round(nowMs + waitMs * jitter), failures: state.failures + 1 }
}

/** How long after its start a machine's agent checks in. */
const startupMs = 5 * 60_000
const shortestWaitMs = 60_000
const longestWaitMs = 60 * 60_000

function afterRestart(machine: Machine, state: DeviceState, nowMs: number): DeviceState {
  const restarts = state.restarts + 1
  return {
    ...state,
    agent: restarted(state.agent, new Date(nowMs).toISOString()),
    restarts,
    nextRestartMs: Math.round(nowMs + uptime(machine, restarts)),
    nextCheckInMs: Math.min(state.nextCheckInMs, nowMs + startupMs),
  }
}
