import { z } from 'zod'
import type { Device } from '../../domain/device.ts'
import type { EffectivePolicy } from '../../domain/effective-policy.ts'
import { shown } from '../answers.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { deviceShape, pageOf, pageQuery } from '../shapes.ts'

const list = route({
  key: 'GET /v1/devices',
  summary: 'Lists devices.',
  query: pageQuery,
  status: 200,
  answer: pageOf(deviceShape),
  async run({ tenantId, query }, app) {
    const page = await app.devices.list(tenantId, query)
    return { status: 200, body: { ...page, items: page.items.map(withoutCredential) } }
  },
})

const read = route({
  key: 'GET /v1/devices/{deviceId}',
  summary: 'Shows a device and what applies to it now.',
  status: 200,
  answer: deviceShape.extend({ groupIds: z.array(z.string()), effective: z.unknown() }),
  async run({ tenantId, param }, app) {
    const { device, groupIds } = await app.devices.collection(tenantId, param('deviceId'))
    const index = await app.policyIndexes.current(tenantId)
    const effective = effectiveShape(index.effectivePolicy({ ...device, groupIds }))
    return { status: 200, body: { ...withoutCredential(device), groupIds, effective } }
  },
})

/** Shows devices. */
export const handler = routes(list, read)

function withoutCredential(device: Device) {
  const { credentialDigest, ...rest } = shown(device)
  return rest
}

function effectiveShape({ policies, package: effectivePackage, membership }: EffectivePolicy) {
  return {
    policyIds: policies.map(({ policyId }) => policyId),
    package: effectivePackage,
    rotationId: membership?.rotationId,
    wave: membership?.wave,
  }
}
