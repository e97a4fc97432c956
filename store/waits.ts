import { createConversions, Entity } from 'electrodb'
import { StaleRevisionError } from '../domain/errors.ts'
import type { RotationWait } from '../domain/rotation.ts'
import { ask, written } from './ask.ts'
import type { Connection } from './connection.ts'
import { key } from './key.ts'
import { readAll } from './query.ts'

/** What rotations are waiting for: at most one thing each. */
export interface Waits {
  /** Keeps what the rotation waits for now. Throws StaleRevisionError where a later wait is kept already. */
  setWait(wait: RotationWait): Promise<void>
  wait(tenantId: string, rotationId: string): Promise<RotationWait | undefined>
  /** Forgets a wait that has ended; another one that is kept by now stays. */
  clearWait(wait: RotationWait): Promise<void>
  openWaits(tenantId: string): Promise<RotationWait[]>
}

const waitModel = {
  model: { service: 'rampart', entity: 'wait', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    rotationId: { type: 'string', required: true },
    kind: { type: ['start', 'gate', 'decommission', 'rollback'], required: true },
    wave: { type: 'number', required: true },
    taskToken: { type: 'string', required: true },
    sinceAt: { type: 'string', required: true },
  },
  indexes: {
    byRotation: {
      pk: key('pk')`tenant#${'tenantId'}#rotation#${'rotationId'}`,
      sk: key('sk')`wait`,
    },
    byTenant: {
      index: 'gsi1',
      projection: 'keys_only',
      pk: key('gsi1pk')`tenant#${'tenantId'}#waits`,
      sk: key('gsi1sk')`${'rotationId'}`,
    },
  },
} as const

/** The store of waits. */
export function waitStore(connection: Connection): Waits {
  const rows = new Entity(waitModel, connection)
  const { fromKeys } = createConversions(rows).byAccessPattern.byTenant

  const find = async (tenantId: string, rotationId: string): Promise<RotationWait | undefined> => {
    const { data: wait } = await ask(rows.get({ tenantId, rotationId }).go({ consistent: true }))
    return wait ?? undefined
  }

  return {
    async setWait(wait) {
      const put = rows
        .put(wait)
        .where((row, is) => `${is.notExists(row.sinceAt)} OR ${is.lte(row.sinceAt, wait.sinceAt)}`)
      if (await written(put.go())) return
      const sentence = `Rotation '${wait.rotationId}' waits for something later than '${wait.sinceAt}'; read it again`
      throw new StaleRevisionError(sentence)
    },

    wait: find,

    async clearWait({ tenantId, rotationId, taskToken }) {
      const removal = rows.delete({ tenantId, rotationId }).where((row, is) => is.eq(row.taskToken, taskToken))
      await written(removal.go())
    },

    async openWaits(tenantId) {
      const keys = await readAll(connection, rows.query.byTenant({ tenantId }).params())
      const rotationIds = keys.map((key) => fromKeys.toComposite<Pick<RotationWait, 'rotationId'>>(key).rotationId)
      const waits = await Promise.all(rotationIds.map((rotationId) => find(tenantId, rotationId)))
      return waits.filter((wait) => wait !== undefined)
    },
  }
}
