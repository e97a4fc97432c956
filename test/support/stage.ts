import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { withPackage } from '../../domain/profiles/windows-edr.ts'
import type { ApiAnswer, ApiRequest } from './api.ts'
import { addGroup, addPolicy, aFleet, type TestFleet } from './fleet.ts'
import { aPackage } from './packages.ts'
import { type RotationRun, rotationRequest, startRotation } from './rotation-run.ts'
import type { TestRuntime } from './runtime.ts'

/** A tenant that has one of everything: a rotation that is under way, and beside it a group and a policy at rest. */
export interface Stage {
  readonly fleet: TestFleet
  readonly rotation: RotationRun
  readonly groupId: string
  /** A group that nothing is assigned to. */
  readonly spareGroupId: string
  readonly policyId: string
  /** A policy that is assigned to nobody. */
  readonly sparePolicyId: string
  readonly deviceId: string
}

export async function aStage(at: TestRuntime): Promise<Stage> {
  const fleet = await aFleet(at, { size: 2, validation: 1 })
  const rotation = await startRotation(at, fleet)
  const groupId = await addGroup(fleet.operator, fleet.devices.slice(1))
  const spareGroupId = await addGroup(fleet.operator, [])
  const policyId = await addPolicy(fleet.operator, fleet.currentPackageId, [groupId])
  const sparePolicyId = await addPolicy(fleet.operator, fleet.currentPackageId, [])
  await at.settle()
  return { fleet, rotation, groupId, spareGroupId, policyId, sparePolicyId, deviceId: fleet.devices[1]?.deviceId ?? '' }
}

export interface ChangeRequest extends ApiRequest {
  readonly body?: object
}

/** For every route with which an operator changes something, a request that may be sent; all of them in this order. */
export const changes: Readonly<Record<string, (stage: Stage) => ChangeRequest>> = {
  'POST /v1/packages': () => ({
    path: '/v1/packages',
    body: { name: 'Another', platform: 'windows', kind: 'onboard', content: aPackage({ seed: 'another' }) },
  }),
  'POST /v1/policies': ({ fleet, groupId }) => ({ path: '/v1/policies', body: policyDraft(fleet, groupId) }),
  'PATCH /v1/policies/{policyId}': ({ sparePolicyId, fleet }) => ({
    path: `/v1/policies/${sparePolicyId}`,
    body: { name: 'Renamed', settings: withPackage([], fleet.nextPackageId) },
  }),
  'PUT /v1/policies/{policyId}/assignments': ({ policyId, groupId }) => ({
    path: `/v1/policies/${policyId}/assignments`,
    body: { assignments: [{ groupId, intent: 'exclude' }] },
  }),
  'POST /v1/groups': () => ({ path: '/v1/groups', body: { name: 'Another' } }),
  'POST /v1/groups/{groupId}/members': ({ groupId, fleet }) => ({
    path: `/v1/groups/${groupId}/members`,
    body: { deviceIds: fleet.devices.map(({ deviceId }) => deviceId) },
  }),
  'POST /v1/enrolmentTokens': () => ({ path: '/v1/enrolmentTokens', body: { expiresInHours: 1 } }),
  'POST /v1/rotations': ({ fleet, policyId, groupId }) => ({
    path: '/v1/rotations',
    body: rotationRequest({ ...fleet, policyId, validationGroupId: groupId }),
  }),
  'POST /v1/rotations/{rotationId}/actions': ({ rotation }) => ({
    path: `/v1/rotations/${rotation.rotationId}/actions`,
    body: { action: 'pause', reason: 'Payroll runs today' },
  }),
  'DELETE /v1/groups/{groupId}/members/{deviceId}': ({ groupId, deviceId }) => ({
    path: `/v1/groups/${groupId}/members/${deviceId}`,
  }),
  'DELETE /v1/policies/{policyId}': ({ sparePolicyId }) => ({ path: `/v1/policies/${sparePolicyId}` }),
  'DELETE /v1/groups/{groupId}': ({ spareGroupId }) => ({ path: `/v1/groups/${spareGroupId}` }),
}

/** The paths of everything of a stage that an operator can read, for one of its executions. */
export function readablePaths(at: TestRuntime, stage: Stage, executionId: string): string[] {
  const { fleet, rotation, groupId, policyId, deviceId } = stage
  const packageId = fleet.nextPackageId
  const ids = new Map(
    Object.entries({ packageId, policyId, groupId, deviceId, rotationId: rotation.rotationId, executionId }),
  )
  const idOf = (_: string, name: string) => encodeURIComponent(ids.get(name) ?? '')
  const routeKeys = at.runtime.deployment.apis.flatMap(({ routes }) => routes.map(({ routeKey }) => routeKey))
  const reading = routeKeys.filter((routeKey) => routeKey.startsWith('GET '))
  return reading.map((routeKey) => routeKey.slice('GET '.length).replace(/\{(\w+)\}/g, idOf))
}

/** The request for a route, with a new key and for whatever revision, unless `headers` say otherwise. */
export function changeRequest(
  stage: Stage,
  routeKey: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): ChangeRequest {
  const request = changes[routeKey]?.(stage)
  if (!request) throw new Error(`'${routeKey}' is no route that changes something`)
  const all = { 'idempotency-key': randomUUID(), 'if-match': '*', ...headers }
  const sent = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return { method: routeKey.split(' ')[0] ?? '', ...request, headers: Object.fromEntries(sent) }
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().min(1),
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string().min(1) })),
  traceId: z.string().min(1),
})

/** What a problem says, once it is sure that the answer is one in the form of RFC 9457. */
export function problemIn({ status, headers, body }: ApiAnswer) {
  const { code, errors, ...rest } = problem.parse(body)
  if (headers.get('content-type') !== 'application/problem+json' || rest.status !== status) {
    throw new Error(`No problem of status ${status}: ${headers.get('content-type')}, ${JSON.stringify(body)}`)
  }
  return { status, code, pointers: errors.map(({ pointer }) => pointer) }
}

/** What is in the table, but for the records of the keys that requests were sent with. */
export async function contentsBesidesKeys(at: TestRuntime): Promise<Record<string, unknown>> {
  await at.settle()
  const contents = Object.entries(await at.contents())
  return Object.fromEntries(contents.filter(([key]) => !key.includes('#idempotency ')))
}

function policyDraft({ currentPackageId }: TestFleet, groupId: string) {
  const settings = withPackage([], currentPackageId)
  const assignments = [{ groupId, intent: 'include' }]
  return { name: 'Another', platform: 'windows', profileId: 'windows-edr', settings, assignments }
}
