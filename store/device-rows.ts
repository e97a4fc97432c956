import type { GetCommandInput } from '@aws-sdk/lib-dynamodb'
import { CustomAttributeType, Entity } from 'electrodb'
import { type Device, type PolicyStatus, type RotationProgress, sensorStates } from '../domain/device.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { platforms } from '../domain/policy.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import type { Step } from './transact.ts'

const deviceModel = {
  model: { service: 'rampart', entity: 'device', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    deviceId: { type: 'string', required: true },
    name: { type: 'string', required: true },
    platform: { type: platforms, required: true },
    osVersion: { type: 'string', required: true },
    credentialDigest: { type: 'string', required: true },
    enrolledAt: { type: 'string', required: true },
    lastCheckInAt: { type: 'string' },
    lastRestartAt: { type: 'string' },
    sensorState: { type: sensorStates, required: true },
    onboardingStatus: { type: ['onboarded', 'notOnboarded', 'pending'], required: true },
    activePackageId: { type: 'string' },
    deliveredPackageId: { type: 'string' },
    deliveredAt: { type: 'string' },
    packagePolicyId: { type: 'string' },
    policyStatuses: { type: CustomAttributeType<Readonly<Record<string, PolicyStatus>>>('any'), required: true },
    progress: { type: CustomAttributeType<RotationProgress>('any') },
    isUnreachable: { type: 'boolean', required: true },
    /** Empty where nothing is due: ElectroDB decides on the sparse index only by attributes that are there. */
    attentionAt: { type: 'string', default: '', get: (at?: string) => at || undefined },
    revision: { type: 'number', required: true },
  },
  indexes: {
    byId: {
      pk: key('pk')`tenant#${'tenantId'}#device#${'deviceId'}`,
      sk: key('sk')`device`,
    },
    byTenant: {
      index: 'gsi1',
      projection: 'keys_only',
      pk: key('gsi1pk')`tenant#${'tenantId'}#devices`,
      sk: key('gsi1sk')`${'deviceId'}`,
    },
    byAttention: {
      index: 'gsi2',
      projection: 'keys_only',
      condition: ({ attentionAt }: Record<string, unknown>) => attentionAt !== '',
      pk: key('gsi2pk')`tenant#${'tenantId'}#attention`,
      sk: key('gsi2sk')`${'attentionAt'}#${'deviceId'}`,
    },
  },
} as const

type Get = Pick<GetCommandInput, 'TableName' | 'Key'>

/** The devices' rows. */
export const deviceRows = perConnection((connection) => new Entity(deviceModel, connection))

/** Rows without a table, which can only read what is given to them. */
export function unconnectedDeviceRows() {
  return new Entity(deviceModel)
}

/** The check, in a transaction, that a device exists. */
export function deviceExists(
  connection: Connection,
  { tenantId, deviceId }: Pick<Device, 'tenantId' | 'deviceId'>,
): Step {
  const read = deviceRows(connection).get({ tenantId, deviceId })
  const detail = `No device is named '${deviceId}'`
  const refusal = () => new InvalidInputError(detail, [{ pointer: '/deviceIds', detail }])
  return { write: { ConditionCheck: { ...read.params<Get>(), ConditionExpression: 'attribute_exists(pk)' } }, refusal }
}
