import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { windowsEdrSettings, withPackage } from '../../domain/profiles/windows-edr.ts'
import { addMembers } from './add-members.ts'
import { type AdminApi, adminApi } from './admin-api.ts'
import type { DeviceTruth } from './device-truth.ts'
import { syntheticPackage } from './synthetic-package.ts'
import { validationDevices } from './validation-devices.ts'

/** A tenant whose devices all get the package `Current` from the policy `Windows EDR`. */
export interface DemoTenant {
  readonly policyId: string
  readonly packageId: string
  /** A token with which devices enrol. */
  enrolmentToken(): Promise<string>
  /** The id of a package of that name. */
  addPackage(name: string): Promise<string>
  /** The id of a group of `size` enrolled devices, among them every restart habit and build of the fleet. */
  addValidationGroup(name: string, devices: readonly DeviceTruth[], size: number): Promise<string>
}

/** Sets the tenant up over the API. What is there by name is left as it is, so that it may be done at every start. */
export async function setUpDemoTenant(options: {
  readonly endpoint: string
  readonly token: string
  readonly seed: number
}): Promise<DemoTenant> {
  const api = adminApi(options)
  const keyOf = (purpose: string) => `demo-${options.seed}-${purpose}`
  const addPackage = (name: string) => packageNamed(api, name, keyOf(`package-${name}`))

  const packageId = await addPackage('Current')
  const policyId = await policyNamed(api, 'Windows EDR', { packageId, idempotencyKey: keyOf('policy') })
  return {
    policyId,
    packageId,
    enrolmentToken: () => newEnrolmentToken(api),
    addPackage,
    addValidationGroup: (name, devices, size) =>
      groupNamed(api, name, { deviceIds: validationDevices(devices, size), idempotencyKey: keyOf(`group-${name}`) }),
  }
}

const enrolmentToken = z.object({ token: z.string() })
const packageResource = z.object({ packageId: z.string(), name: z.string() })
const policyResource = z.object({ policyId: z.string(), name: z.string() })
/** A rotation's cohort is a group that has neither name nor count. */
const groupResource = z.object({
  groupId: z.string(),
  name: z.string().default(''),
  memberCount: z.number().default(0),
})

async function newEnrolmentToken(api: AdminApi): Promise<string> {
  const { body } = await api.post('/v1/enrolmentTokens', enrolmentToken, { body: {}, idempotencyKey: randomUUID() })
  return body.token
}

async function packageNamed(api: AdminApi, name: string, idempotencyKey: string): Promise<string> {
  const known = await named(api, '/v1/packages', packageResource, name)
  if (known) return known.packageId
  const content = syntheticPackage({ seed: idempotencyKey })
  const body = { name, platform: 'windows', kind: 'onboard', content }
  return (await api.post('/v1/packages', packageResource, { body, idempotencyKey })).body.packageId
}

async function policyNamed(
  api: AdminApi,
  name: string,
  { packageId, idempotencyKey }: { packageId: string; idempotencyKey: string },
): Promise<string> {
  const known = await named(api, '/v1/policies', policyResource, name)
  if (known) return known.policyId
  const { sampleSharing } = windowsEdrSettings
  const settings = withPackage([{ settingDefinitionId: sampleSharing, value: `${sampleSharing}_1` }], packageId)
  const assignments = [{ groupId: 'allDevices', intent: 'include' }]
  const body = { name, platform: 'windows', profileId: 'windows-edr', settings, assignments }
  return (await api.post('/v1/policies', policyResource, { body, idempotencyKey })).body.policyId
}

async function groupNamed(
  api: AdminApi,
  name: string,
  { deviceIds, idempotencyKey }: { deviceIds: readonly string[]; idempotencyKey: string },
): Promise<string> {
  const known = await named(api, '/v1/groups', groupResource, name)
  if (known && known.memberCount >= deviceIds.length) return known.groupId
  const groupId =
    known?.groupId ?? (await api.post('/v1/groups', groupResource, { body: { name }, idempotencyKey })).body.groupId
  await addMembers(api, groupId, deviceIds)
  return groupId
}

async function named<T extends { readonly name: string }>(
  api: AdminApi,
  path: string,
  expected: z.ZodType<T>,
  name: string,
): Promise<T | undefined> {
  return (await api.all(path, expected)).find((resource) => resource.name === name)
}
