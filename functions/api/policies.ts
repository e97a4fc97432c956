import { z } from 'zod'
import { RefusedError, refuseAny, type Violation } from '../../domain/errors.ts'
import { allDevices } from '../../domain/group.ts'
import { type Assignment, operatorAssignments, type Policy } from '../../domain/policy.ts'
import { next } from '../../domain/rotation-steps.ts'
import { type PolicyDraft, validatePolicy } from '../../domain/validate-policy.ts'
import { created, expectRevision, found, previewed, shown } from '../answers.ts'
import type { App } from '../app.ts'
import { createOnce } from '../create-once.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { assignmentDraft, counts, pageOf, pageQuery, platform, policyShape, setting } from '../shapes.ts'

const assignments = z.array(assignmentDraft).max(100)

const create = route({
  key: 'POST /v1/policies',
  summary: 'Creates a policy from a profile; it may have no assignment yet.',
  body: z.strictObject({
    name: z.string(),
    description: z.string().default(''),
    platform,
    profileId: z.string(),
    settings: z.array(setting).max(100),
    assignments: assignments.default([]),
  }),
  requires: ['Idempotency-Key'],
  status: 201,
  answer: policyShape,
  async run({ tenantId, body, newId, isValidateOnly }, app) {
    const warnings = await validated(tenantId, body, app)
    const policy: Policy = {
      tenantId,
      policyId: newId('policy'),
      ...body,
      assignments: await checkedAssignments(tenantId, body.assignments, app),
      origin: 'manual',
      status: 'active',
      createdAt: app.now(),
      updatedAt: app.now(),
      revision: 1,
    }
    if (isValidateOnly) return previewed(policy, { warnings })
    const kept = await createOnce(
      () => app.policies.create(policy),
      () => app.policies.get(tenantId, policy.policyId),
    )
    app.log.info('policy created', { tenantId, policyId: kept.policyId })
    return created(kept, `/v1/policies/${kept.policyId}`, { warnings })
  },
})

const list = route({
  key: 'GET /v1/policies',
  summary: 'Lists policies.',
  query: pageQuery,
  status: 200,
  answer: pageOf(policyShape),
  async run({ tenantId, query }, app) {
    const page = await app.policies.list(tenantId, query)
    return { status: 200, body: { ...page, items: page.items.map(shown) } }
  },
})

const read = route({
  key: 'GET /v1/policies/{policyId}',
  summary: 'Shows a policy.',
  status: 200,
  answer: policyShape,
  run: async ({ tenantId, param }, app) => found(await app.policies.get(tenantId, param('policyId'))),
})

const update = route({
  key: 'PATCH /v1/policies/{policyId}',
  summary: "Changes a policy's name, description or settings.",
  body: z.strictObject({
    name: z.string().optional(),
    description: z.string().optional(),
    settings: z.array(setting).max(100).optional(),
  }),
  requires: ['If-Match'],
  status: 200,
  answer: policyShape,
  async run({ tenantId, param, body, expectedRevision, isValidateOnly }, app) {
    const policy = await app.policies.get(tenantId, param('policyId'))
    expectRevision(policy, expectedRevision, `Policy '${policy.policyId}'`)
    if (body.settings) mustBeFree(policy, 'change the settings of')
    const changed = next(policy, { ...defined(body), updatedAt: app.now() })
    const warnings = await validated(tenantId, changed, app)
    if (isValidateOnly) return previewed(changed, { warnings })
    await app.policies.replace(changed)
    return found(changed, { warnings })
  },
})

const remove = route({
  key: 'DELETE /v1/policies/{policyId}',
  summary: 'Deletes a policy. Devices keep what it gave them.',
  requires: ['If-Match'],
  status: 204,
  answer: z.undefined(),
  async run({ tenantId, param, expectedRevision, isValidateOnly }, app) {
    const policy = await app.policies.get(tenantId, param('policyId'))
    expectRevision(policy, expectedRevision, `Policy '${policy.policyId}'`)
    mustBeFree(policy, 'delete')
    if (isValidateOnly) return previewed(policy)
    await app.policies.remove(policy)
    return { status: 204, body: undefined }
  },
})

const readAssignments = route({
  key: 'GET /v1/policies/{policyId}/assignments',
  summary: 'Shows whom a policy is assigned to.',
  status: 200,
  answer: z.object({ assignments: policyShape.shape.assignments }),
  async run({ tenantId, param }, app) {
    const policy = await app.policies.get(tenantId, param('policyId'))
    return { ...found(policy), body: { assignments: policy.assignments } }
  },
})

const replaceAssignments = route({
  key: 'PUT /v1/policies/{policyId}/assignments',
  summary: "Replaces the operators' assignments of a policy; those of a rotation stay.",
  body: z.strictObject({ assignments }),
  requires: ['If-Match'],
  status: 200,
  answer: policyShape,
  async run({ tenantId, param, body, expectedRevision, isValidateOnly }, app) {
    const policy = await app.policies.get(tenantId, param('policyId'))
    expectRevision(policy, expectedRevision, `Policy '${policy.policyId}'`)
    mustBeEditable(policy)
    const own = policy.assignments.filter(({ managedBy }) => managedBy === 'rotation')
    const checked = await checkedAssignments(tenantId, body.assignments, app)
    const changed = next(policy, { assignments: [...checked, ...own], updatedAt: app.now() })
    if (isValidateOnly) return previewed(changed)
    await app.policies.replace(changed)
    return found(changed)
  },
})

const statusSummary = route({
  key: 'GET /v1/policies/{policyId}/statusSummary',
  summary: 'Counts the devices that a policy reaches, by its status on them.',
  status: 200,
  answer: z.object({ policyId: z.string(), devices: z.number(), unreachableDevices: z.number(), statuses: counts }),
  async run({ tenantId, param }, app) {
    const { policyId } = await app.policies.get(tenantId, param('policyId'))
    const counted = await app.counters.get(tenantId, { kind: 'policy', policyId })
    const { devices = 0, unreachableDevices = 0, pending = 0, succeeded = 0, error = 0, conflict = 0 } = counted
    return {
      status: 200,
      body: { policyId, devices, unreachableDevices, statuses: { pending, succeeded, error, conflict } },
    }
  },
})

/** Keeps policies and whom they are assigned to. */
export const handler = routes(create, list, read, update, remove, readAssignments, replaceAssignments, statusSummary)

/** The warnings about a draft; throws where it is not acceptable. */
async function validated(tenantId: string, draft: PolicyDraft, app: App): Promise<readonly Violation[]> {
  const { packages } = await app.configurations.load(tenantId)
  const { violations, warnings } = validatePolicy(draft, new Map(packages.map((one) => [one.packageId, one])))
  refuseAny(violations)
  return warnings
}

type AssignmentDraft = z.output<typeof assignmentDraft>

async function checkedAssignments(
  tenantId: string,
  drafts: readonly AssignmentDraft[],
  app: App,
): Promise<Assignment[]> {
  const { groups } = await app.configurations.load(tenantId)
  const known = new Set([allDevices, ...groups.filter(({ kind }) => kind === 'static').map(({ groupId }) => groupId)])
  const violations = drafts.flatMap(({ groupId }, index) => [
    ...(known.has(groupId)
      ? []
      : [problemAt(index, `There is no group '${groupId}'; create it first, or name 'allDevices'`)]),
    ...(drafts.findIndex((other) => other.groupId === groupId) < index
      ? [problemAt(index, `Group '${groupId}' is assigned already; a policy has one assignment for each group`)]
      : []),
  ])
  refuseAny(violations)
  return drafts.map((each) => ({ ...each, managedBy: 'operator' }))
}

function problemAt(index: number, detail: string): Violation {
  return { pointer: `/assignments/${index}/groupId`, detail }
}

function mustBeEditable({ policyId, origin, status }: Policy): void {
  if (origin === 'preconfigured') {
    throw new RefusedError(`Policy '${policyId}' is preconfigured; its assignments cannot be edited`)
  }
  if (status !== 'active')
    throw new RefusedError(`Policy '${policyId}' is ${status}; only active policies can be assigned`)
}

/** What a rotation works with stays as it is while it does. */
function mustBeFree(policy: Policy, verb: string): void {
  const isHeld =
    policy.replacedByRotationId !== undefined || operatorAssignments(policy).length < policy.assignments.length
  if (!isHeld) return
  throw new RefusedError(`Can't ${verb} policy '${policy.policyId}' while a rotation works with it; abort that first`)
}

function defined<Fields extends object>(fields: Fields): Partial<Policy> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
