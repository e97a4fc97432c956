import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Device } from '../../domain/device.ts'
import { RefusedError } from '../../domain/errors.ts'
import { next } from '../../domain/rotation-steps.ts'
import type { App } from '../app.ts'
import { digestOf, formatCredential, isSecretOf, newSecret, parseCredential } from '../credentials.ts'
import { checkInSeconds } from '../device-pace.ts'
import { BadRequestError } from '../problem.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'

const enrolment = z.strictObject({
  enrolmentToken: z.string().max(1000),
  name: z.string().trim().min(1).max(200),
  platform: z.literal('windows'),
  osVersion: z.string().regex(/^\d+(\.\d+){1,3}$/, 'expected a version such as 10.0.26100.1742'),
  deviceKey: z.string().min(8).max(200),
})

const enrol = route({
  key: 'POST /v1/device/enrolments',
  summary: 'Enrols a device with an enrolment token and gives it a credential of its own.',
  body: enrolment,
  status: 201,
  answer: z.object({ deviceId: z.string(), credential: z.string(), checkInSeconds: z.number() }),
  async run({ body }, app) {
    const tenantId = await tenantOf(body.enrolmentToken, app)
    const deviceId = deviceIdOf(tenantId, body.deviceKey)
    const secret = newSecret()
    await keep(newDevice(tenantId, deviceId, { ...body, credentialDigest: digestOf(secret) }, app.now()), app)
    const credential = formatCredential({ tenantId, ownerId: deviceId, secret })
    return { status: 201, body: { deviceId, credential, checkInSeconds } }
  },
})

/** Lets devices in. A device that enrols again is the same device with a new credential. */
export const handler = routes(enrol)

async function tenantOf(enrolmentToken: string, app: App): Promise<string> {
  const { tenantId = '', ownerId = '', secret = '' } = parseCredential(enrolmentToken) ?? {}
  const token = tenantId && (await app.enrolmentTokens.find(tenantId, ownerId))
  if (token && isSecretOf(token.secretDigest, secret) && token.expiresAt > app.now()) return tenantId
  throw new BadRequestError(
    'forbidden',
    'The enrolment token is not valid, or no longer; ask an operator for a new one',
    [{ pointer: '/enrolmentToken', detail: 'expected a token that was made for this tenant and has not expired' }],
  )
}

/** The same machine always gets the same id, which says nothing about its key. */
function deviceIdOf(tenantId: string, deviceKey: string): string {
  return `device-${createHash('sha256')
    .update(JSON.stringify([tenantId, deviceKey]))
    .digest('hex')
    .slice(0, 20)}`
}

type Identity = Pick<Device, 'name' | 'platform' | 'osVersion' | 'credentialDigest'>

function newDevice(tenantId: string, deviceId: string, identity: Identity, now: string): Device {
  const { name, platform, osVersion, credentialDigest } = identity
  return {
    tenantId,
    deviceId,
    name,
    platform,
    osVersion,
    credentialDigest,
    enrolledAt: now,
    sensorState: 'unknown',
    onboardingStatus: 'notOnboarded',
    policyStatuses: {},
    isUnreachable: false,
    revision: 1,
  }
}

async function keep(device: Device, app: App): Promise<void> {
  try {
    await app.devices.enrol(device)
    app.log.info('device enrolled', { tenantId: device.tenantId, deviceId: device.deviceId })
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { name, osVersion, credentialDigest } = device
    await app.devices.save(
      next(await app.devices.get(device.tenantId, device.deviceId), { name, osVersion, credentialDigest }),
    )
  }
}
