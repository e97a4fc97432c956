import { Entity } from 'electrodb'
import { RefusedError } from '../domain/errors.ts'
import type { Wave } from '../domain/rotation.ts'
import { ask } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { readAll } from './query.ts'
import { existsAlready } from './refusals.ts'
import { type Step, transact } from './transact.ts'

/** The waves that a rotation has entered. */
export interface Waves {
  /** All waves, in their order. */
  waves(tenantId: string, rotationId: string): Promise<Wave[]>
  wave(tenantId: string, rotationId: string, wave: number): Promise<Wave | undefined>
  /** Keeps a wave anew, which must still be active. */
  replaceWave(wave: Wave): Promise<void>
}

const waveModel = {
  model: { service: 'rampart', entity: 'wave', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    rotationId: { type: 'string', required: true },
    wave: { type: 'number', required: true, padding: { length: 2, char: '0' } },
    state: { type: ['active', 'promoted', 'aborted'], required: true },
    threshold: { type: 'number', required: true },
    expectedDevices: { type: 'number', required: true },
    enteredAt: { type: 'string', required: true },
    endedAt: { type: 'string' },
    pausedMinutes: { type: 'number', required: true },
    executionArn: { type: 'string', required: true },
  },
  indexes: {
    byRotation: {
      pk: key('pk')`tenant#${'tenantId'}#rotation#${'rotationId'}`,
      sk: key('sk')`wave#${'wave'}`,
    },
  },
} as const

/** The store of waves. */
export function waveStore(connection: Connection): Waves {
  const rows = waveRows(connection)
  return {
    async waves(tenantId, rotationId) {
      const query = rows.query.byRotation({ tenantId, rotationId }).params({ consistent: true })
      return rows.parse({ Items: await readAll(connection, query) }).data
    },

    async wave(tenantId, rotationId, wave) {
      const { data } = await ask(rows.get({ tenantId, rotationId, wave }).go({ consistent: true }))
      return data ?? undefined
    },

    replaceWave: (wave) => transact(connection, [waveSteps(connection).replaceActive(wave)]),
  }
}

/** The steps that transactions change waves by. */
export function waveSteps(connection: Connection) {
  const rows = waveRows(connection)
  return {
    create(wave: Wave): Step {
      return { write: { Put: rows.create(wave).params() }, refusal: () => existsAlready('wave', nameOf(wave)) }
    },

    /** Keeps a wave anew that is still active, for instance as promoted. */
    replaceActive(wave: Wave): Step {
      const put = rows.put(wave).where((row, is) => is.eq(row.state, 'active'))
      const refusal = () => new RefusedError(`Wave '${nameOf(wave)}' is over or was never entered; it must be active`)
      return { write: { Put: put.params() }, refusal }
    },

    /** Keeps a wave anew, whatever became of it. */
    replace(wave: Wave): Step {
      const put = rows.put(wave).where((row, is) => is.exists(row.state))
      const refusal = () => new RefusedError(`Wave '${nameOf(wave)}' was never entered`)
      return { write: { Put: put.params() }, refusal }
    },
  }
}

const waveRows = perConnection((connection) => new Entity(waveModel, connection))

function nameOf({ rotationId, wave }: Wave): string {
  return `${rotationId}/${wave}`
}
