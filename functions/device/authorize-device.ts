import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import type { App } from '../app.ts'
import { type Credential, isSecretOf, parseCredential } from '../credentials.ts'
import { task } from '../task.ts'

const refused = { isAuthorized: false, context: {} }

/** Says whether a request comes from the device that it claims to come from, and which one that is. */
export const handler = task({
  input: z.object({ identitySource: z.array(z.string()).min(1) }),
  async run({ identitySource: [authorization = ''] }, app) {
    const credential = parseCredential(/^Device (\S+)$/.exec(authorization)?.[1] ?? '')
    if (!credential || !(await isGenuine(credential, app))) return refused
    const { tenantId, ownerId: deviceId } = credential
    return { isAuthorized: true, context: { tenantId, deviceId } }
  },
})

async function isGenuine({ tenantId, ownerId, secret }: Credential, app: App): Promise<boolean> {
  try {
    const { credentialDigest } = await app.devices.get(tenantId, ownerId)
    return isSecretOf(credentialDigest, secret)
  } catch (error) {
    if (error instanceof NotFoundError) return false
    throw error
  }
}
