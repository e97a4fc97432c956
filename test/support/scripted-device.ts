import { type Agent, newAgent, received, report, restarted } from '../../local/fleet/agent.ts'
import type { CheckInAnswer, DeviceApi } from '../../local/fleet/device-api.ts'
import type { PackageOutcome } from '../../local/fleet/package-failure.ts'

/** A device that does what a test says, and keeps what it is told as any device does. */
export interface ScriptedDevice {
  readonly name: string
  readonly deviceId: string
  readonly credential: string
  agent(): Agent
  restart(): void
  /** Reports how the active package does, and takes in the answer. */
  checkIn(outcome?: PackageOutcome): Promise<CheckInAnswer>
  /** Reports likewise, but never receives the answer. */
  checkInWithoutAnswer(outcome?: PackageOutcome): Promise<CheckInAnswer>
}

/** Enrols a device of that number. */
export async function enrolledDevice(
  api: DeviceApi,
  { enrolmentToken, number, now }: { enrolmentToken: string; number: number; now: () => string },
): Promise<ScriptedDevice> {
  const name = `pc-${number}`
  const identity = { enrolmentToken, name, osVersion, deviceKey: `serial-${number}` }
  const { deviceId, credential } = await api.enrol(identity)
  let agent = newAgent
  const send = (outcome: PackageOutcome) => api.checkIn(credential, { ...report(agent, outcome), osVersion })
  return {
    name,
    deviceId,
    credential,
    agent: () => agent,
    restart() {
      agent = restarted(agent, now())
    },
    async checkIn(outcome = 'works') {
      const answer = await send(outcome)
      agent = received(agent, answer)
      return answer
    },
    checkInWithoutAnswer: (outcome = 'works') => send(outcome),
  }
}

const osVersion = '10.0.26100.1742'
