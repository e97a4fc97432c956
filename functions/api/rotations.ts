import { z } from 'zod'
import { InvalidInputError, RefusedError } from '../../domain/errors.ts'
import { type Rotation, type RotationAction, rotationActions, type Wave, whyNot } from '../../domain/rotation.ts'
import { act } from '../../domain/rotation-action.ts'
import { etagOf, expectRevision, previewed, shown } from '../answers.ts'
import type { App } from '../app.ts'
import { evaluateRotation } from '../evaluate-rotation.ts'
import { rotationDetail, rotationSummary, wavesOf } from '../rotation-view.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { decisionShape, name, pageOf, pageQuery, rotationShape, waveShape } from '../shapes.ts'
import { plannedRotation, startRotation } from '../start-rotation.ts'

const id = z.string().min(1).max(200)
const rate = z.number().gt(0).lt(0.5)

/** Defaults: a day of soak, outcomes of 40 % of the reached devices, and the rates of docs/rotations.md. */
const gate = z.strictObject({
  soakMinutes: z.number().min(0).max(525_600).default(1440),
  minOutcomePercent: z.number().min(0).max(100).default(40),
  minReachedPercent: z.number().min(0).max(100).default(80),
  verificationMinutes: z.number().min(1).max(525_600).default(960),
  baselineFailureRate: rate.default(0.002),
  falseAbortProbability: rate.default(0.01),
  approval: z.enum(['none', 'validation', 'everyWave']).default('none'),
})

const draft = z
  .strictObject({
    name,
    oldPolicyId: id,
    packageId: id,
    validationGroupId: id,
    waves: z.array(z.union([z.strictObject({ percent: z.number() }), z.strictObject({ count: z.number() })])).max(100),
    gate: gate.prefault({}),
    rollbackHours: z.number().min(0).max(8760).default(72),
    restorableHours: z.number().min(0).max(8760).default(72),
  })
  .transform(({ name, oldPolicyId, packageId, ...plan }) => ({ name, oldPolicyId, packageId, plan }))

const start = route({
  key: 'POST /v1/rotations',
  summary: 'Starts a rotation: moves the devices of a policy to another onboarding package, wave by wave.',
  body: draft,
  requires: ['Idempotency-Key'],
  status: 202,
  answer: rotationShape,
  async run({ tenantId, callerId, body, newId, isValidateOnly }, app) {
    const identity = { tenantId, rotationId: newId('rotation'), createdBy: callerId }
    if (isValidateOnly) return previewed(await plannedRotation(body, identity, app))
    const rotation = await startRotation(body, identity, app)
    const location = `/v1/rotations/${rotation.rotationId}`
    return { status: 202, body: await rotationDetail(rotation, app), headers: { location, etag: etagOf(rotation) } }
  },
})

const list = route({
  key: 'GET /v1/rotations',
  summary: 'Lists rotations.',
  query: pageQuery,
  status: 200,
  answer: pageOf(rotationShape),
  async run({ tenantId, query }, app) {
    const page = await app.rotations.list(tenantId, query)
    const items = await Promise.all(page.items.map((rotation) => rotationSummary(rotation, app)))
    return { status: 200, body: { ...page, items } }
  },
})

const read = route({
  key: 'GET /v1/rotations/{rotationId}',
  summary: 'Shows a rotation: its waves, its devices, its latest decision, and what it waits for.',
  status: 200,
  answer: rotationShape,
  async run({ tenantId, param }, app) {
    const rotation = await app.rotations.get(tenantId, param('rotationId'))
    return { status: 200, body: await rotationDetail(rotation, app), headers: { etag: etagOf(rotation) } }
  },
})

const actionShape = z.strictObject({ action: z.enum(rotationActions), reason: z.string().trim().min(1).max(500) })

const takeAction = route({
  key: 'POST /v1/rotations/{rotationId}/actions',
  summary: 'Pauses, resumes, approves or aborts a rotation.',
  body: actionShape,
  requires: ['Idempotency-Key', 'If-Match'],
  status: 201,
  answer: actionShape.extend({
    actionId: z.string(),
    takenBy: z.string(),
    takenAt: z.string(),
    rotation: rotationShape,
  }),
  async run({ tenantId, callerId, param, body, newId, expectedRevision, isValidateOnly }, app) {
    const { action, reason } = body
    const rotationId = param('rotationId')
    const actionId = newId('action')
    const rotation = await app.rotations.get(tenantId, rotationId)
    // An action whose answer was cut off is not taken again.
    if (isValidateOnly || rotation.lastActionId !== actionId) {
      expectRevision(rotation, expectedRevision, `Rotation '${rotationId}'`)
      const changed = await changedBy(action, { rotation, reason }, app)
      if (isValidateOnly) return previewed(changed.rotation)
      await keep({ ...changed, rotation: { ...changed.rotation, lastActionId: actionId } }, app)
      app.log.info('rotation action taken', { tenantId, rotationId, action, takenBy: callerId })
    }
    await evaluateRotation({ tenantId, rotationId }, app)
    const after = await app.rotations.get(tenantId, rotationId)
    const taken = { actionId, action, reason, takenBy: callerId, takenAt: app.now() }
    return {
      status: 201,
      body: { ...taken, rotation: await rotationDetail(after, app) },
      headers: { etag: etagOf(after) },
    }
  },
})

const actions = route({
  key: 'GET /v1/rotations/{rotationId}/actions',
  summary: 'Lists the actions on a rotation, each with why it cannot be taken now, if so.',
  status: 200,
  answer: z.object({
    items: z.array(z.object({ action: z.string(), isAllowed: z.boolean(), whyNot: z.string().optional() })),
  }),
  async run({ tenantId, param }, app) {
    const rotation = await app.rotations.get(tenantId, param('rotationId'))
    const items = rotationActions.map((action) => {
      const refusal = whyNot(action, rotation)
      return { action, isAllowed: refusal === undefined, whyNot: refusal }
    })
    return { status: 200, body: { items } }
  },
})

const waves = route({
  key: 'GET /v1/rotations/{rotationId}/waves',
  summary: 'Lists the waves of a rotation with their devices by state.',
  status: 200,
  answer: pageOf(waveShape),
  async run({ tenantId, param }, app) {
    const rotation = await app.rotations.get(tenantId, param('rotationId'))
    return { status: 200, body: { items: await wavesOf(rotation, app) } }
  },
})

const decisions = route({
  key: 'GET /v1/rotations/{rotationId}/decisions',
  summary: 'Lists the gate decisions on a rotation, the newest first, each with the facts it was made on.',
  query: pageQuery,
  status: 200,
  answer: pageOf(decisionShape),
  async run({ tenantId, param, query }, app) {
    const { rotationId } = await app.rotations.get(tenantId, param('rotationId'))
    const page = await app.rotations.decisions(tenantId, rotationId, query)
    return { status: 200, body: { ...page, items: page.items.map(shown) } }
  },
})

/** Starts, steers and shows rotations. */
export const handler = routes(start, list, read, takeAction, actions, waves, decisions)

/** The rotation and its wave after the action. Throws RefusedError where it may not be taken now. */
async function changedBy(
  action: RotationAction,
  { rotation, reason }: { rotation: Rotation; reason: string },
  app: App,
): Promise<ReturnType<typeof act>> {
  const { tenantId, rotationId, currentWave } = rotation
  const refusal = whyNot(action, rotation)
  if (refusal) throw new RefusedError(refusal)
  const wave = await app.rotations.wave(tenantId, rotationId, currentWave)
  if (action === 'approve') mustAwaitApproval(wave)
  return act(action, { rotation, wave, reason, now: app.now() })
}

function mustAwaitApproval(wave: Wave | undefined): void {
  if (wave?.state === 'active') return
  throw new InvalidInputError('No wave waits to be approved now', [
    { pointer: '/action', detail: "'approve' is for a wave that is being watched" },
  ])
}

function keep({ rotation, wave }: ReturnType<typeof act>, app: App): Promise<void> {
  return wave ? app.rotations.resume({ rotation, wave }) : app.rotations.replace(rotation)
}
