import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'
import { windowsEdrSettings } from '../../../domain/profiles/windows-edr.ts'

const report = z.looseObject({
  knownEtag: z.string().optional(),
  activePackageId: z.string().optional(),
  pendingPackageId: z.string().optional(),
  lastRestartAt: z.string().optional(),
  osVersion: z.string(),
  sensorState: z.string(),
  policyResults: z.array(z.looseObject({ policyId: z.string(), status: z.string() })),
})
const enrolment = z.object({
  enrolmentToken: z.string(),
  platform: z.literal('windows'),
  deviceKey: z.string(),
  name: z.string(),
  osVersion: z.string(),
})

/** A check-in as the API saw it. */
export type SeenReport = z.infer<typeof report> & { readonly deviceId: string }

/** A device API of one policy that sends every device the package it is told to. */
export async function startScriptedDeviceApi() {
  const devices = new Map<string, string>()
  const reports: SeenReport[] = []
  const script = { packageId: 'current', isDown: false, token: 'token', checkInSeconds: 8 * 3600 }
  let refusals = 0
  let deliveries = 0

  function enrol(body: unknown) {
    const { enrolmentToken, deviceKey } = enrolment.parse(body)
    if (enrolmentToken !== script.token) return { status: 401, body: { code: 'unknownEnrolmentToken' } }
    const deviceId = createHash('sha256').update(deviceKey).digest('hex').slice(0, 12)
    devices.set(`credential-${deviceId}`, deviceId)
    return { status: 201, body: { deviceId, credential: `credential-${deviceId}`, checkInSeconds: 3600 } }
  }

  function checkIn(credential: string, body: unknown) {
    const deviceId = devices.get(credential)
    if (deviceId === undefined) return { status: 403, body: { message: 'Forbidden' } }
    const seen = { deviceId, ...report.parse(body) }
    reports.push(seen)
    const { packageId, checkInSeconds: nextCheckInSeconds } = script
    const etag = `etag of ${packageId}`
    const isHeld = [seen.activePackageId, seen.pendingPackageId].includes(packageId)
    if (isHeld && seen.knownEtag === etag) return { status: 200, body: { etag, unchanged: true, nextCheckInSeconds } }
    const settings = [{ settingDefinitionId: windowsEdrSettings.onboarding, value: packageId }]
    const policies = [{ policyId: `policy of ${packageId}`, revision: 1, settings }]
    const onboardingPackage = isHeld ? undefined : { packageId, policyId: `policy of ${packageId}`, content: '{}' }
    if (onboardingPackage) deliveries++
    return { status: 200, body: { etag, unchanged: false, nextCheckInSeconds, policies, onboardingPackage } }
  }

  function answer(path: string, credential: string, body: unknown) {
    if (script.isDown) {
      refusals++
      return { status: 503, body: { message: 'Service Unavailable' } }
    }
    return path === '/v1/device/enrolments' ? enrol(body) : checkIn(credential, body)
  }

  const server = createServer((request, response) => {
    void bodyOf(request).then((sent) => {
      const credential = (request.headers.authorization ?? '').replace('Device ', '')
      const { status, body } = answer(request.url ?? '', credential, sent)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    endpoint: `http://127.0.0.1:${port}`,
    script,
    reports,
    enrolled: () => new Set(devices.values()).size,
    refusals: () => refusals,
    deliveries: () => deliveries,
    forgetCredentials: () => devices.clear(),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}
