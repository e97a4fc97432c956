import { CustomAttributeType, Entity } from 'electrodb'
import { type Rotation, type RotationPlan, rotationStatuses } from '../domain/rotation.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { existsAlready, isStale } from './refusals.ts'
import type { Step } from './transact.ts'

const rotationModel = {
  model: { service: 'rampart', entity: 'rotation', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    rotationId: { type: 'string', required: true },
    name: { type: 'string', required: true },
    oldPolicyId: { type: 'string', required: true },
    packageId: { type: 'string', required: true },
    newPolicyId: { type: 'string', required: true },
    cohortGroupId: { type: 'string', required: true },
    plan: { type: CustomAttributeType<RotationPlan>('any'), required: true },
    status: { type: rotationStatuses, required: true },
    stateReason: { type: 'string', required: true },
    currentWave: { type: 'number', required: true },
    approvedWaves: { type: CustomAttributeType<readonly number[]>('any'), required: true },
    pausedAt: { type: 'string' },
    lastActionId: { type: 'string' },
    createdBy: { type: 'string', required: true },
    createdAt: { type: 'string', required: true },
    endedAt: { type: 'string' },
    executionArn: { type: 'string', required: true },
    revision: { type: 'number', required: true },
  },
  indexes: {
    byTenant: {
      pk: key('pk')`tenant#${'tenantId'}#configuration`,
      sk: key('sk')`rotation#${'rotationId'}`,
    },
  },
} as const

/** The rotations' rows. */
export const rotationRows = perConnection((connection) => new Entity(rotationModel, connection))

/** The steps that transactions change rotations by. */
export function rotationSteps(connection: Connection) {
  const rows = rotationRows(connection)
  return {
    create(rotation: Rotation): Step {
      const refusal = () => existsAlready('rotation', rotation.rotationId)
      return { write: { Put: rows.create(rotation).params() }, refusal }
    },

    replace(rotation: Rotation): Step {
      const { rotationId, revision } = rotation
      const put = rows.put(rotation).where((row, is) => is.eq(row.revision, revision - 1))
      return { write: { Put: put.params() }, refusal: () => isStale('rotation', rotationId, revision - 1) }
    },
  }
}
