import { report } from './agent.ts'
import { type DeviceApi, DeviceApiError } from './device-api.ts'
import type { Machine } from './machine.ts'
import type { PackageOutcome } from './package-failure.ts'
import { afterCheckIn, afterEnrolment, afterFailure, type DeviceState } from './simulated-device.ts'

/** What a device needs to speak to the device API. */
export interface Conversation {
  readonly machine: Machine
  readonly api: DeviceApi
  readonly tokens: EnrolmentTokens
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number
  /** How the active package does on the device. */
  readonly outcome: (state: DeviceState) => PackageOutcome
  /** Called with every state that the device comes into. */
  readonly keep: (state: DeviceState) => void
}

/** One check-in of a device, which enrols first where it must; returns why it failed, where it did. */
export async function converse(start: DeviceState, conversation: Conversation): Promise<string | undefined> {
  const { machine, now, keep } = conversation
  let state = start
  try {
    state = await enrolled(state, conversation)
    keep(await checkedIn(state, conversation))
    return undefined
  } catch (error) {
    keep(afterFailure(machine, isRefused(error) ? { ...state, identity: undefined } : state, now()))
    return error instanceof Error ? error.message : String(error)
  }
}

/** The token that devices enrol with: asked for once, and again where the API refuses it. */
export interface EnrolmentTokens {
  current(): Promise<string>
  forget(): void
}

/** Tokens from a source that is asked when the first one is needed. */
export function enrolmentTokens(source: string | (() => Promise<string>)): EnrolmentTokens {
  let token: Promise<string> | undefined
  return {
    current() {
      token ??= typeof source === 'string' ? Promise.resolve(source) : source()
      return token
    },
    forget() {
      token = undefined
    },
  }
}

async function enrolled(state: DeviceState, { machine, api, tokens, now, keep }: Conversation): Promise<DeviceState> {
  if (state.identity) return state
  const { deviceKey, name, osVersion } = machine
  try {
    const answer = await api.enrol({ enrolmentToken: await tokens.current(), deviceKey, name, osVersion })
    const next = afterEnrolment(machine, state, answer, now())
    keep(next)
    return next
  } catch (error) {
    tokens.forget()
    throw error
  }
}

async function checkedIn(state: DeviceState, { machine, api, now, outcome }: Conversation): Promise<DeviceState> {
  const credential = state.identity?.credential ?? ''
  const body = { ...report(state.agent, outcome(state)), osVersion: machine.osVersion }
  return afterCheckIn(machine, state, await api.checkIn(credential, body), now())
}

/** A device whose credential is not known any more enrols again. */
function isRefused(error: unknown): boolean {
  return error instanceof DeviceApiError && [401, 403].includes(error.status)
}
