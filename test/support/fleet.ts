import { z } from 'zod'
import { attentionAt } from '../../domain/check-in.ts'
import { allDevices } from '../../domain/group.ts'
import { laterBy } from '../../domain/instants.ts'
import { withPackage } from '../../domain/profiles/windows-edr.ts'
import { next } from '../../domain/rotation-steps.ts'
import { deviceShape, groupShape, packageShape, policyShape } from '../../functions/shapes.ts'
import { deviceApi } from '../../local/fleet/device-api.ts'
import { aPackage } from './packages.ts'
import type { Operator, TestRuntime } from './runtime.ts'
import { enrolledDevice, type ScriptedDevice } from './scripted-device.ts'

/** A tenant whose devices all run the package 'Current', which one policy gives to all of them. */
export interface TestFleet {
  readonly operator: Operator
  readonly devices: readonly ScriptedDevice[]
  readonly policyId: string
  readonly currentPackageId: string
  /** Another package of the same organisation. */
  readonly nextPackageId: string
  /** The group of the first devices. */
  readonly validationGroupId: string
  /** A token to enrol with. */
  readonly enrolmentToken: string
  /** Enrols that many devices more, which have not checked in yet. */
  enrol(count: number): Promise<ScriptedDevice[]>
}

/** Sets up a new tenant with `size` devices, `validation` of them in the validation group. */
export async function aFleet(at: TestRuntime, { size = 0, validation = 0 } = {}): Promise<TestFleet> {
  const operator = await at.newOperator()
  const [currentPackageId, nextPackageId] = [await addPackage(operator, 'Current'), await addPackage(operator, 'Next')]
  const policyId = await addPolicy(operator, currentPackageId)
  const { token: enrolmentToken } = await operator.post('/v1/enrolmentTokens', z.object({ token: z.string() }), {})
  const api = deviceApi(at.runtime.endpoint, 4)
  let enrolled = 0
  const enrol = (count: number) => {
    const numbers = Array.from({ length: count }, () => ++enrolled)
    return inTurn(numbers, (number) => enrolledDevice(api, { enrolmentToken, number, now: at.now }))
  }
  const devices = await enrol(size)
  for (const device of devices) await takeUp(device)
  const validationGroupId = await addGroup(operator, devices.slice(0, validation))
  await at.settle()
  return { operator, devices, policyId, currentPackageId, nextPackageId, validationGroupId, enrolmentToken, enrol }
}

/** The device receives the package that is meant for it, restarts with it, and says so. */
export async function takeUp(device: ScriptedDevice, outcome?: Parameters<ScriptedDevice['checkIn']>[0]) {
  await device.checkIn()
  device.restart()
  await device.checkIn(outcome)
}

/** Sets back when the device was last heard of, as if it had been silent for so many hours more. */
export async function setBack(at: TestRuntime, { operator }: TestFleet, deviceId: string, hours: number) {
  const device = await at.stores.devices.get(operator.tenantId, deviceId)
  const lastCheckInAt = laterBy(device.lastCheckInAt ?? device.enrolledAt, { hours: -hours })
  await at.stores.devices.save(
    next(device, { lastCheckInAt, attentionAt: attentionAt(lastCheckInAt, device.progress) }),
  )
}

export async function addPackage(operator: Operator, name: string): Promise<string> {
  const body = {
    name,
    platform: 'windows',
    kind: 'onboard',
    content: aPackage({ seed: `${operator.tenantId}/${name}` }),
  }
  return (await operator.post('/v1/packages', packageShape, body)).packageId
}

export async function addPolicy(operator: Operator, packageId: string, groupIds = [allDevices]): Promise<string> {
  const settings = withPackage([], packageId)
  const assignments = groupIds.map((groupId) => ({ groupId, intent: 'include' }))
  const body = { name: 'Windows EDR', platform: 'windows', profileId: 'windows-edr', settings, assignments }
  return (await operator.post('/v1/policies', policyShape, body)).policyId
}

/** Makes a group of devices, at most 40. */
export async function addGroup(operator: Operator, devices: readonly ScriptedDevice[]): Promise<string> {
  const { groupId } = await operator.post('/v1/groups', groupShape, { name: 'Devices' })
  if (devices.length === 0) return groupId
  const deviceIds = devices.map(({ deviceId }) => deviceId)
  await operator.post(`/v1/groups/${groupId}/members`, groupShape, { deviceIds }, { 'if-match': '*' })
  return groupId
}

const effectivePackage = z.discriminatedUnion('status', [
  z.object({ status: z.literal('none') }),
  z.object({ status: z.literal('effective'), policyId: z.string(), packageId: z.string() }),
  z.object({ status: z.literal('conflict'), policyIds: z.array(z.string()) }),
])
const shownDevice = deviceShape.extend({
  groupIds: z.array(z.string()),
  effective: z.object({ policyIds: z.array(z.string()), package: effectivePackage, wave: z.number().optional() }),
  progress: z.object({ rotationId: z.string(), wave: z.number(), state: z.string(), isHarmed: z.boolean() }).optional(),
})

/** A device as the API shows it. */
export function showDevice({ operator }: Pick<TestFleet, 'operator'>, deviceId: string) {
  return operator.get(`/v1/devices/${deviceId}`, shownDevice)
}

/** The packages that are in force on the devices, device by device. */
export function activePackages(devices: readonly ScriptedDevice[]) {
  return devices.map((device) => device.agent().activePackageId)
}

/** The results of one call after the other. */
export async function inTurn<From, To>(all: readonly From[], act: (one: From) => Promise<To>): Promise<To[]> {
  const results: To[] = []
  for (const one of all) results.push(await act(one))
  return results
}
