import { z } from 'zod'
import { type CheckIn, checkIn, type DeviceReport } from '../../domain/check-in.ts'
import { sensorStates } from '../../domain/device.ts'
import type { EffectivePolicy } from '../../domain/effective-policy.ts'
import { StaleRevisionError } from '../../domain/errors.ts'
import type { App } from '../app.ts'
import { checkInSeconds } from '../device-pace.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { setting } from '../shapes.ts'

const id = z.string().min(1).max(200)

const report = z.strictObject({
  knownEtag: z.string().max(100).optional(),
  osVersion: z.string().max(50).optional(),
  lastRestartAt: z.iso.datetime().optional(),
  activePackageId: id.optional(),
  pendingPackageId: id.optional(),
  sensorState: z.enum(sensorStates),
  policyResults: z
    .array(
      z.strictObject({
        policyId: id,
        status: z.enum(['succeeded', 'error']),
        errorCode: z.string().max(100).optional(),
      }),
    )
    .max(200)
    .default([]),
})

const answer = z.object({
  etag: z.string(),
  unchanged: z.boolean(),
  nextCheckInSeconds: z.number(),
  policies: z.array(z.object({ policyId: z.string(), revision: z.number(), settings: z.array(setting) })).optional(),
  onboardingPackage: z.object({ packageId: z.string(), policyId: z.string(), content: z.string() }).optional(),
})

const checkInRoute = route({
  key: 'POST /v1/device/check-ins',
  summary: "Takes a device's report and answers with what applies to it.",
  body: report,
  status: 200,
  answer,
  async run({ tenantId, callerId, body }, app) {
    const { effective, outcome } = await settle(tenantId, callerId, body, app)
    return { status: 200, body: await answerTo(tenantId, effective, outcome, app) }
  },
})

/** What devices call, every few hours each: one query, one read and one write. */
export const handler = routes(checkInRoute)

interface Settled {
  readonly effective: EffectivePolicy
  readonly outcome: CheckIn
}

/** Decides and stores; once more where the sweep or a twin of this request was faster. */
async function settle(
  tenantId: string,
  deviceId: string,
  body: DeviceReport,
  app: App,
  attempts = 3,
): Promise<Settled> {
  const [{ device, groupIds }, index] = await Promise.all([
    app.devices.collection(tenantId, deviceId),
    app.policyIndexes.current(tenantId),
  ])
  const effective = index.effectivePolicy({ ...device, groupIds })
  const outcome = checkIn(device, effective, body, app.now())
  try {
    await app.devices.save(outcome.device)
    return { effective, outcome }
  } catch (error) {
    if (!(error instanceof StaleRevisionError) || attempts <= 1) throw error
    return settle(tenantId, deviceId, body, app, attempts - 1)
  }
}

async function answerTo(tenantId: string, { etag, policies }: EffectivePolicy, outcome: CheckIn, app: App) {
  const { isUnchanged, packageToDeliver } = outcome
  const head = { etag, unchanged: isUnchanged, nextCheckInSeconds: checkInSeconds }
  if (isUnchanged) return head
  const onboardingPackage = packageToDeliver && (await contentOf(tenantId, packageToDeliver, app))
  return {
    ...head,
    policies: policies.map(({ policyId, revision, settings }) => ({ policyId, revision, settings })),
    onboardingPackage,
  }
}

async function contentOf(tenantId: string, delivery: { policyId: string; packageId: string }, app: App) {
  const { packageId } = delivery
  const sealed = await app.packages.sealedContent(tenantId, packageId)
  return { ...delivery, content: await app.vault.open({ tenantId, packageId }, sealed) }
}
