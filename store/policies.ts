import { CustomAttributeType, Entity } from 'electrodb'
import { RefusedError } from '../domain/errors.ts'
import { type Assignment, type Policy, platforms, type Setting } from '../domain/policy.ts'
import type { Rotation } from '../domain/rotation.ts'
import { ask } from './ask.ts'
import { type Connection, perConnection } from './connection.ts'
import { key } from './key.ts'
import { type Page, type PageRequest, readPage } from './query.ts'
import { existsAlready, isStale, isUnknown } from './refusals.ts'
import { raiseRevision } from './tenants.ts'
import { type Step, transact } from './transact.ts'

/** Every change raises the configuration's revision with it. */
export interface Policies {
  get(tenantId: string, policyId: string): Promise<Policy>
  list(tenantId: string, page: PageRequest): Promise<Page<Policy>>
  create(policy: Policy): Promise<void>
  /** Keeps `policy` as the successor of the revision before its own. */
  replace(policy: Policy): Promise<void>
  /** Removes the policy, which must still be at its revision. */
  remove(policy: Policy): Promise<void>
}

const policyModel = {
  model: { service: 'rampart', entity: 'policy', version: '1' },
  attributes: {
    tenantId: { type: 'string', required: true },
    policyId: { type: 'string', required: true },
    name: { type: 'string', required: true },
    description: { type: 'string', required: true },
    platform: { type: platforms, required: true },
    profileId: { type: 'string', required: true },
    settings: { type: CustomAttributeType<readonly Setting[]>('any'), required: true },
    assignments: { type: CustomAttributeType<readonly Assignment[]>('any'), required: true },
    origin: { type: ['manual', 'preconfigured'], required: true },
    status: { type: ['active', 'decommissioned', 'withdrawn'], required: true },
    replacedByRotationId: { type: 'string' },
    formerAssignments: { type: CustomAttributeType<readonly Assignment[]>('any') },
    restorableUntilAt: { type: 'string' },
    createdAt: { type: 'string', required: true },
    updatedAt: { type: 'string', required: true },
    revision: { type: 'number', required: true },
  },
  indexes: {
    byTenant: {
      pk: key('pk')`tenant#${'tenantId'}#configuration`,
      sk: key('sk')`policy#${'policyId'}`,
    },
  },
} as const

/** The store of policies. */
export function policyStore(connection: Connection): Policies {
  const rows = policyRows(connection)
  const steps = policySteps(connection)
  const change = (step: Step, { tenantId }: Policy) => transact(connection, [step, raiseRevision(connection, tenantId)])

  return {
    async get(tenantId, policyId) {
      const { data: policy } = await ask(rows.get({ tenantId, policyId }).go({ consistent: true }))
      if (!policy) throw isUnknown('policy', policyId)
      return policy
    },

    async list(tenantId, request) {
      const query = rows.query.byTenant({ tenantId }).params({ consistent: true })
      const page = await readPage(connection, query, request)
      return { ...page, items: rows.parse({ Items: page.items }).data }
    },

    create: (policy) => change(steps.create(policy), policy),
    replace: (policy) => change(steps.replace(policy), policy),
    remove: (policy) => change(steps.remove(policy), policy),
  }
}

/** The policies' rows, for the configuration that they are part of. */
export const policyRows = perConnection((connection) => new Entity(policyModel, connection))

/** The steps that transactions change policies by. */
export function policySteps(connection: Connection) {
  const rows = policyRows(connection)
  return {
    create(policy: Policy): Step {
      return { write: { Put: rows.create(policy).params() }, refusal: () => existsAlready('policy', policy.policyId) }
    },

    replace(policy: Policy): Step {
      const { policyId, revision } = policy
      const put = rows.put(policy).where((row, is) => is.eq(row.revision, revision - 1))
      return { write: { Put: put.params() }, refusal: () => isStale('policy', policyId, revision - 1) }
    },

    remove({ tenantId, policyId, revision }: Policy): Step {
      const removal = rows.delete({ tenantId, policyId }).where((row, is) => is.eq(row.revision, revision))
      return { write: { Delete: removal.params() }, refusal: () => isStale('policy', policyId, revision) }
    },

    /** Gives the policy that `rotation` replaces to that rotation, which no other may hold. */
    lock({ tenantId, rotationId, oldPolicyId: policyId, createdAt: updatedAt }: Rotation): Step {
      const update = rows
        .patch({ tenantId, policyId })
        .set({ replacedByRotationId: rotationId, updatedAt })
        .add({ revision: 1 })
        .where((row, is) => `${is.eq(row.status, 'active')} AND ${is.notExists(row.replacedByRotationId)}`)
      const refusal = () =>
        new RefusedError(`Policy '${policyId}' can't be replaced now; it must be active and in no other rotation`)
      return { write: { Update: update.params() }, refusal }
    },
  }
}
