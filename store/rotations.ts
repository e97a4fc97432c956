import type { CohortGroup } from '../domain/group.ts'
import type { Policy } from '../domain/policy.ts'
import type { GateDecision, Rotation, Wave } from '../domain/rotation.ts'
import { ask } from './ask.ts'
import type { Connection } from './connection.ts'
import { type Decisions, decisionStore, recordDecisionStep } from './decisions.ts'
import { groupSteps } from './groups.ts'
import { policySteps } from './policies.ts'
import { type Page, type PageRequest, readPage } from './query.ts'
import { isUnknown } from './refusals.ts'
import { rotationRows, rotationSteps } from './rotation-rows.ts'
import { raiseRevision } from './tenants.ts'
import { type Step, transact } from './transact.ts'
import { type Waits, waitStore } from './waits.ts'
import { type Waves, waveSteps, waveStore } from './waves.ts'

/**
 * Rotations and what belongs to them.
 *
 * A step takes every record as it should be next, its revision one above the stored one, and writes all or nothing.
 * The number of writes never depends on the fleet. All steps but `decide` and `resume` raise the configuration's
 * revision, for they change what applies to devices.
 */
export interface Rotations extends Waves, Decisions, Waits {
  get(tenantId: string, rotationId: string): Promise<Rotation>
  list(tenantId: string, page: PageRequest): Promise<Page<Rotation>>
  /** Keeps the rotation and gives it the old policy. Throws RefusedError where another rotation holds that. */
  create(rotation: Rotation): Promise<void>
  replace(rotation: Rotation): Promise<void>
  /** Keeps the rotation and the wave that it goes on with, which must be active. */
  resume(step: { readonly rotation: Rotation; readonly wave: Wave }): Promise<void>
  /** Creates the new policy and the closed cohort, which the old policy excludes from now on. */
  prepare(step: PolicyChange & { readonly newPolicy: Policy; readonly cohort: CohortGroup }): Promise<void>
  /** Raises the cohort and creates the wave. */
  enterWave(step: { readonly rotation: Rotation; readonly cohort: CohortGroup; readonly wave: Wave }): Promise<void>
  /** Keeps what the gate decided about the wave, which must be active, and what becomes of it. */
  decide(step: { readonly rotation: Rotation; readonly wave: Wave; readonly decision: GateDecision }): Promise<void>
  /** Moves the assignments from the old policy to the new one and deletes the cohort, given as it is stored. */
  decommission(step: PolicyChange & { readonly newPolicy: Policy; readonly cohort: CohortGroup }): Promise<void>
  /** Gives the old policy its devices back and deletes the cohort, given as it is stored. */
  rollBack(
    step: PolicyChange & {
      readonly newPolicy?: Policy | undefined
      readonly cohort?: CohortGroup | undefined
      readonly wave?: Wave | undefined
    },
  ): Promise<void>
  /** Ends the rotation, which lets go of the old policy. */
  finish(step: PolicyChange): Promise<void>
}

interface PolicyChange {
  readonly rotation: Rotation
  readonly oldPolicy: Policy
}

/** The store of rotations. */
export function rotationStore(connection: Connection): Rotations {
  const rows = rotationRows(connection)
  const rotations = rotationSteps(connection)
  const policies = policySteps(connection)
  const groups = groupSteps(connection)
  const waves = waveSteps(connection)
  const reconfigure = ({ tenantId }: Rotation, steps: readonly Step[]) =>
    transact(connection, [...steps, raiseRevision(connection, tenantId)])

  return {
    ...waveStore(connection),
    ...decisionStore(connection),
    ...waitStore(connection),

    async get(tenantId, rotationId) {
      const { data: rotation } = await ask(rows.get({ tenantId, rotationId }).go({ consistent: true }))
      if (!rotation) throw isUnknown('rotation', rotationId)
      return rotation
    },

    async list(tenantId, request) {
      const page = await readPage(connection, rows.query.byTenant({ tenantId }).params({ consistent: true }), request)
      return { ...page, items: rows.parse({ Items: page.items }).data }
    },

    create: (rotation) => reconfigure(rotation, [rotations.create(rotation), policies.lock(rotation)]),

    replace: (rotation) => transact(connection, [rotations.replace(rotation)]),

    resume: ({ rotation, wave }) => transact(connection, [rotations.replace(rotation), waves.replaceActive(wave)]),

    prepare({ rotation, oldPolicy, newPolicy, cohort }) {
      return reconfigure(rotation, [
        rotations.replace(rotation),
        policies.replace(oldPolicy),
        policies.create(newPolicy),
        groups.create(cohort),
      ])
    },

    enterWave({ rotation, cohort, wave }) {
      return reconfigure(rotation, [rotations.replace(rotation), groups.replace(cohort), waves.create(wave)])
    },

    decide({ rotation, wave, decision }) {
      const record = recordDecisionStep(connection, decision)
      return transact(connection, [rotations.replace(rotation), waves.replaceActive(wave), record])
    },

    decommission({ rotation, oldPolicy, newPolicy, cohort }) {
      return reconfigure(rotation, [
        rotations.replace(rotation),
        policies.replace(oldPolicy),
        policies.replace(newPolicy),
        groups.remove(cohort),
      ])
    },

    rollBack({ rotation, oldPolicy, newPolicy, cohort, wave }) {
      return reconfigure(rotation, [
        rotations.replace(rotation),
        policies.replace(oldPolicy),
        ...(newPolicy ? [policies.replace(newPolicy)] : []),
        ...(cohort ? [groups.remove(cohort)] : []),
        ...(wave ? [waves.replace(wave)] : []),
      ])
    },

    finish({ rotation, oldPolicy }) {
      return reconfigure(rotation, [rotations.replace(rotation), policies.replace(oldPolicy)])
    },
  }
}
