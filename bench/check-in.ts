import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { ClientRequest } from 'node:http'
import { type Agent, newAgent, received, report, restarted } from '../local/fleet/agent.ts'
import { setUpDemoTenant } from '../local/fleet/demo-tenant.ts'
import { type CheckInReport, type DeviceApi, deviceApi } from '../local/fleet/device-api.ts'
import { lanes } from '../local/fleet/lanes.ts'
import { startRuntime } from '../local/runtime.ts'
import { medianTaken, type Taken, take } from './measure.ts'
import type { Report } from './report.ts'

const fleetSize = 200
const connections = 16
const rounds = 9
const osVersion = '10.0.26100.1742'

/** A device that has what it is to have, and what it says at each check-in. */
interface SteadyDevice {
  readonly credential: string
  readonly body: CheckInReport & { readonly osVersion: string }
}

/** How many check-ins a runtime in one process answers over HTTP, and what each of them asks of the database. */
export async function benchCheckIn(dataDir: string): Promise<Report> {
  const runtime = await startRuntime({ dataDir, port: 0 })
  const api = deviceApi(runtime.endpoint, connections)
  const inLane = lanes(connections)
  try {
    console.error(`Enrolling ${fleetSize} devices`)
    const { endpoint, adminToken: token } = runtime
    const tenant = await setUpDemoTenant({ endpoint, token, seed: 1 })
    const enrolmentToken = await tenant.enrolmentToken()
    const ids = Array.from({ length: fleetSize }, (_, at) => at)
    const devices = await Promise.all(ids.map((at) => inLane(() => steadyDevice(api, enrolmentToken, at))))

    console.error('Checking in')
    const checkIns = devices.map(
      ({ credential, body }) =>
        () =>
          inLane(() => api.checkIn(credential, body)),
    )
    return reportOf(await measure(checkIns))
  } finally {
    api.close()
    await runtime.close()
  }
}

/** Enrols a device that gets its package, restarts, and has it in force. */
async function steadyDevice(api: DeviceApi, enrolmentToken: string, at: number): Promise<SteadyDevice> {
  const deviceKey = `bench-device-${at}`
  const { credential } = await api.enrol({ enrolmentToken, deviceKey, name: `PC-${at}`, osVersion })
  const bodyOf = (agent: Agent) => ({ ...report(agent, 'works'), osVersion })
  const checkIn = async (agent: Agent) => received(agent, await api.checkIn(credential, bodyOf(agent)))
  const waiting = await checkIn(newAgent)
  const steady = await checkIn(restarted(waiting, new Date().toISOString()))
  return { credential, body: bodyOf(steady) }
}

interface CheckInCost {
  readonly taken: Taken
  /** Calls of the database by operation, for each check-in. */
  readonly calls: Readonly<Record<string, number>>
}

async function measure(checkIns: readonly (() => Promise<{ readonly unchanged: boolean }>)[]): Promise<CheckInCost> {
  const round = async () => {
    const answers = await Promise.all(checkIns.map((checkIn) => checkIn()))
    if (!answers.every(({ unchanged }) => unchanged)) throw new Error('A device was sent what it has; expected nothing')
  }
  await round()
  const taken: Taken[] = []
  const calls = await countCalls(async () => {
    for (let at = 0; at < rounds; at++) taken.push(await take(round))
  })
  return { taken: medianTaken(taken), calls: perCheckIn(calls) }
}

/** The calls that reach the database while `work` is done, by their operations. */
async function countCalls(work: () => Promise<unknown>): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const count = (message: unknown) => {
    const request = typeof message === 'object' && message && 'request' in message ? message.request : undefined
    const target = request instanceof ClientRequest ? request.getHeader('x-amz-target') : undefined
    if (target === undefined) return
    const operation = String(target).replace(/^.*\./, '')
    counts.set(operation, (counts.get(operation) ?? 0) + 1)
  }
  subscribe('http.client.request.start', count)
  await work()
  unsubscribe('http.client.request.start', count)
  return counts
}

function perCheckIn(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].map(([operation, count]) => [operation, count / (rounds * fleetSize)]))
}

function reportOf({ taken: { wallMs, cpuMs }, calls }: CheckInCost): Report {
  const perSecond = Math.round((1000 * fleetSize) / wallMs)
  const cpuMsEach = cpuMs / fleetSize
  const result = { perSecond, cpuMsEach, calls, fleetSize, connections, rounds }
  const rates = {
    title: `Check-ins of devices that have all they are to have, ${connections} at a time, medians of ${rounds} rounds of ${fleetSize}`,
    columns: ['', 'check-ins/s', 'CPU ms each'],
    rows: [['HTTP, functions and gateway in one process, its client too', perSecond, cpuMsEach]],
  }
  const asked = {
    title: 'Calls of the database for each',
    columns: ['operation', 'calls'],
    rows: Object.entries(calls),
  }
  return { tables: [rates, asked], result }
}
