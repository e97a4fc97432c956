import { z } from 'zod'
import { groupShape, packageShape, policyShape, rotationShape } from '../../functions/shapes.ts'
import { packageOutcome, parsePackageFailure } from '../../local/fleet/package-failure.ts'
import type { PatientOperator } from './patient-operator.ts'
import { type ListedDevice, listedDevice } from './story-end.ts'

/**
 * The story's fleet: every machine restarts daily, none travels, and the broken package breaks four of them. `work` is
 * about what the story makes of it, in changes of the table.
 */
export const storyFleet = { seed: 183, size: 20, work: 900 }

/** How far the story is. */
export type Chapter = 'set-up' | 'bad package' | 'good package' | 'at rest'

/**
 * Plays a fleet's story: it is set up, a rotation to a bad package is aborted and rolled back, and one to a good
 * package is completed. Tells `open` of every chapter; resolves when everything is at rest.
 */
export async function playStory(operator: PatientOperator, open: (chapter: Chapter) => void): Promise<void> {
  open('set-up')
  await operator.until('/v1/groups', groups, ({ items }) => items.some((each) => each.memberCount === storyFleet.size))
  const { Current = '', Next = '', Broken = '' } = await packageIdsByName(operator)
  await everyDevice(operator, hasTakenUp(Current))
  const devices = await operator.all('/v1/devices', listedDevice)

  open('bad package')
  const validators = devices.filter((device) => isBrokenBy(Broken, device)).slice(0, 3)
  const bad = { packageId: Broken, validators, waves: [{ percent: 100 }], minOutcomePercent: 100 }
  await rotate(operator, 'Bad', bad)
  await everyDevice(operator, hasTakenUp(Current))

  open('good package')
  const pilots = devices.filter((device) => !validators.includes(device)).slice(0, 5)
  const waves = [{ percent: 40 }, { percent: 100 }]
  await rotate(operator, 'Good', { packageId: Next, validators: pilots, waves, minOutcomePercent: 10 })
  await everyDevice(operator, (device) => hasTakenUp(Next)(device) && device.progress?.state === 'succeeded')
  open('at rest')
}

const groups = z.object({ items: z.array(groupShape) })

async function packageIdsByName(operator: PatientOperator): Promise<Record<string, string>> {
  const packages = await operator.all('/v1/packages', packageShape)
  return Object.fromEntries(packages.map(({ name, packageId }) => [name, packageId]))
}

/** Whether the device runs the package, and all policies that it has are in force. */
const hasTakenUp = (packageId: string) => (device: ListedDevice) =>
  device.activePackageId === packageId &&
  Object.values(device.policyStatuses).every((status) => status === 'succeeded') &&
  device.sensorState === 'active'

async function everyDevice(operator: PatientOperator, isReady: (device: ListedDevice) => boolean): Promise<void> {
  const devices = z.object({ items: z.array(listedDevice) })
  await operator.until('/v1/devices?limit=100', devices, ({ items }) => items.every(isReady))
}

/** The same devices that the fleet breaks, which follows from its seed. */
function isBrokenBy(packageId: string, { deviceId, osVersion }: ListedDevice): boolean {
  const failure = parsePackageFailure('all:0.1,silent=0.5')
  return packageOutcome(failure, { seed: storyFleet.seed, deviceId, packageId, osVersion }) !== 'works'
}

interface Plan {
  readonly packageId: string
  readonly validators: readonly ListedDevice[]
  readonly waves: readonly { readonly percent: number }[]
  readonly minOutcomePercent: number
}

/** Rotates to a package; resolves when the rotation is over. */
async function rotate(operator: PatientOperator, name: string, plan: Plan): Promise<void> {
  const { packageId, validators, waves, minOutcomePercent } = plan
  const { groupId } = await operator.post('/v1/groups', groupShape, { name }, { 'idempotency-key': `group-${name}` })
  const deviceIds = validators.map(({ deviceId }) => deviceId)
  await operator.post(`/v1/groups/${groupId}/members`, groupShape, { deviceIds }, { 'if-match': '*' })
  const [policy] = (await operator.all('/v1/policies', policyShape)).filter(({ status }) => status === 'active')
  const gate = { soakMinutes: 60, verificationMinutes: 60, minOutcomePercent }
  const draft = { name, oldPolicyId: policy?.policyId, packageId, validationGroupId: groupId, waves, gate }
  const key = { 'idempotency-key': `rotation-${name}` }
  const { rotationId } = await operator.post('/v1/rotations', rotationShape, draft, key)
  await operator.until(`/v1/rotations/${rotationId}`, rotationShape, ({ endedAt }) => endedAt !== undefined)
}
