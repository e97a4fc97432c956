import { CustomAttributeType, Entity } from 'electrodb'
import type { GateDecision } from '../domain/rotation.ts'
import { written } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { type Page, type PageRequest, readPage } from './query.ts'
import { existsAlready } from './refusals.ts'
import type { Step } from './transact.ts'

/** What the gates of a rotation decided, and on which facts. */
export interface Decisions {
  /** Keeps a decision; the same one again changes nothing. */
  recordDecision(decision: GateDecision): Promise<void>
  /** The newest first. */
  decisions(tenantId: string, rotationId: string, page: PageRequest): Promise<Page<GateDecision>>
  latestDecision(tenantId: string, rotationId: string): Promise<GateDecision | undefined>
}

const decisionModel = {
  model: { service: 'rampart', entity: 'decision', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    rotationId: { type: 'string', required: true },
    decisionId: { type: 'string', required: true },
    wave: { type: 'number', required: true },
    decidedAt: { type: 'string', required: true },
    decision: { type: ['promote', 'hold', 'abort'], required: true },
    rule: { type: 'string', required: true },
    message: { type: 'string', required: true },
    remedy: { type: 'string', required: true },
    facts: { type: CustomAttributeType<unknown>('any'), required: true },
    ruleSetDigest: { type: 'string', required: true },
  },
  indexes: {
    byRotation: {
      pk: key('pk')`tenant#${'tenantId'}#rotation#${'rotationId'}`,
      sk: key('sk')`decision#${'decidedAt'}#${'decisionId'}`,
    },
  },
} as const

/** The store of gate decisions. */
export function decisionStore(connection: Connection): Decisions {
  const rows = decisionRows(connection)

  const read = async (tenantId: string, rotationId: string, request: PageRequest): Promise<Page<GateDecision>> => {
    const query = rows.query.byRotation({ tenantId, rotationId }).params({ order: 'desc', consistent: true })
    const page = await readPage(connection, query, request)
    return { ...page, items: rows.parse({ Items: page.items }).data }
  }

  return {
    async recordDecision(decision) {
      await written(rows.create(decision).go())
    },

    decisions: read,

    async latestDecision(tenantId, rotationId) {
      const { items } = await read(tenantId, rotationId, { limit: 1 })
      return items[0]
    },
  }
}

/** The step of a transaction that keeps a decision. */
export function recordDecisionStep(connection: Connection, decision: GateDecision): Step {
  const create = decisionRows(connection).create(decision)
  return { write: { Put: create.params() }, refusal: () => existsAlready('decision', decision.decisionId) }
}

const decisionRows = perConnection((connection) => new Entity(decisionModel, connection))
