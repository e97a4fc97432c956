import { Agent, request } from 'node:http'
import { z } from 'zod'
import type { SensorState } from '../../domain/device.ts'

/** What a device says of itself at a check-in. */
export interface CheckInReport {
  readonly knownEtag?: string | undefined
  readonly lastRestartAt?: string | undefined
  readonly activePackageId?: string | undefined
  readonly pendingPackageId?: string | undefined
  readonly sensorState: SensorState
  readonly policyResults: readonly {
    readonly policyId: string
    readonly status: 'succeeded' | 'error'
    readonly errorCode?: string
  }[]
}

/** What a device is told at a check-in. */
export type CheckInAnswer = z.infer<typeof checkInAnswer>

/** Who a device is, told once when it enrols. */
export type Enrolled = z.infer<typeof enrolled>

/** The device API, as a device calls it. */
export interface DeviceApi {
  enrol(machine: Enrolment): Promise<Enrolled>
  checkIn(credential: string, report: CheckInReport & { readonly osVersion: string }): Promise<CheckInAnswer>
  close(): void
}

/** What a device must say to be enrolled. */
export interface Enrolment {
  readonly enrolmentToken: string
  readonly deviceKey: string
  readonly name: string
  readonly osVersion: string
}

/** The API refused a device's request, or failed to answer it. */
export class DeviceApiError extends Error {
  override readonly name = 'DeviceApiError'
  readonly status: number

  constructor(path: string, status: number, body: string) {
    super(`${path} was answered with ${status}: ${body.slice(0, 200)}`)
    this.status = status
  }
}

/** The device API at `endpoint`, over at most `connections` connections that are kept open. */
export function deviceApi(endpoint: string, connections: number): DeviceApi {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' })
  const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await send(new URL(path, endpoint), agent, { body: JSON.stringify(body), headers })
    if (answer.status >= 300) throw new DeviceApiError(path, answer.status, answer.body)
    const parsed: unknown = JSON.parse(answer.body)
    return parsed
  }
  return {
    enrol: async (enrolment) =>
      enrolled.parse(await post('/v1/device/enrolments', { ...enrolment, platform: 'windows' })),
    checkIn: async (credential, body) =>
      checkInAnswer.parse(await post('/v1/device/check-ins', body, { authorization: `Device ${credential}` })),
    close: () => agent.destroy(),
  }
}

const enrolled = z.object({ deviceId: z.string(), credential: z.string(), checkInSeconds: z.number().positive() })

const checkInAnswer = z.discriminatedUnion('unchanged', [
  z.object({ unchanged: z.literal(true), etag: z.string(), nextCheckInSeconds: z.number().positive() }),
  z.object({
    unchanged: z.literal(false),
    etag: z.string(),
    nextCheckInSeconds: z.number().positive(),
    policies: z.array(
      z.object({
        policyId: z.string(),
        settings: z.array(z.object({ settingDefinitionId: z.string(), value: z.string() })),
      }),
    ),
    onboardingPackage: z.object({ packageId: z.string(), policyId: z.string(), content: z.string() }).optional(),
  }),
])

const timeoutMs = 30_000

function send(
  url: URL,
  agent: Agent,
  { body, headers }: { body: string; headers: Readonly<Record<string, string>> },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body)
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        timeout: timeoutMs,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
        answer.on('error', reject)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`${url.pathname} was not answered within ${timeoutMs / 1000} s`)))
    sent.on('error', reject)
    sent.end(body)
  })
}
