import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { RotationAction } from '../../domain/rotation.ts'
import { decisionShape, pageOf, rotationShape, waveShape } from '../../functions/shapes.ts'
import type { ApiAnswer } from './api.ts'
import { aRotation } from './builders.ts'
import { inTurn, showDevice, type TestFleet } from './fleet.ts'
import type { Operator, TestRuntime } from './runtime.ts'

const wait = z.object({ kind: z.string(), wave: z.number(), cause: z.string(), endsWhen: z.string() })
const shownRotation = rotationShape.extend({ waitingFor: wait.optional(), waves: z.array(waveShape) })
const historyEvent = z.object({
  type: z.string(),
  details: z.looseObject({ name: z.string().optional(), error: z.string().optional() }).optional(),
})

const shownExecution = z.object({ executionId: z.string(), rotationId: z.string(), wave: z.number().optional() })

export interface RotationDraft {
  readonly waves?: readonly ({ readonly percent: number } | { readonly count: number })[]
  readonly gate?: Readonly<Record<string, unknown>>
  readonly rollbackHours?: number
  readonly oldPolicyId?: string
  readonly packageId?: string
}

/** A rotation of a fleet, as its operator follows and steers it. */
export interface RotationRun {
  readonly rotationId: string
  show(): Promise<z.output<typeof shownRotation>>
  /** Takes an action on the rotation as it is now, and lets it take effect. */
  act(action: RotationAction, reason?: string): Promise<ApiAnswer>
  /** The gate's decisions, the first one first. */
  decisions(): Promise<z.output<typeof decisionShape>[]>
  /** The id of the rotation's execution, or of the one of a wave that was entered. */
  executionId(wave?: number): Promise<string>
  /** The states that the execution of the rotation, or of one of its waves, has entered so far: `One Another`. */
  statesEntered(wave?: number): Promise<string>
  /** The names of the devices that the new package is meant for. Throws where a device has no package, or several. */
  moved(): Promise<string[]>
}

/** What a request for a rotation of the fleet says: two waves by default, without a soak. */
export function rotationRequest({ policyId, nextPackageId, validationGroupId }: TestFleet, draft: RotationDraft = {}) {
  const { gate, ...rest } = draft
  return {
    name: 'Spring',
    oldPolicyId: policyId,
    packageId: nextPackageId,
    validationGroupId,
    waves: [{ percent: 50 }, { percent: 100 }],
    gate: { soakMinutes: 0, minReachedPercent: 0, ...gate },
    rollbackHours: 2,
    ...rest,
  }
}

/** Starts a rotation of the fleet, and lets it come to its first wait. */
export async function startRotation(at: TestRuntime, fleet: TestFleet, draft?: RotationDraft): Promise<RotationRun> {
  const headers = { 'idempotency-key': `${fleet.operator.tenantId}-rotation` }
  const { rotationId } = await fleet.operator.post(
    '/v1/rotations',
    rotationShape,
    rotationRequest(fleet, draft),
    headers,
  )
  await at.settle()
  return rotationRun(at, fleet, rotationId)
}

/** A rotation that is kept but has not been started, as when its start was cut off in between. */
export async function scheduledRotation(at: TestRuntime, fleet: TestFleet): Promise<RotationRun> {
  const rotationId = 'rotation-cut-off'
  const { policyId: oldPolicyId, nextPackageId: packageId, validationGroupId, operator } = fleet
  const machine = at.runtime.deployment.stateMachines.find(({ name }) => name.includes('PayloadRotation'))
  const executionArn = `${machine?.arn.replace(':stateMachine:', ':execution:')}:${rotationId}`
  const plan = { ...aRotation().plan, validationGroupId, rollbackHours: 2 }
  const names = { newPolicyId: `${rotationId}-policy`, cohortGroupId: `${rotationId}-cohort` }
  const scheduled = { status: 'scheduled', currentWave: -1, createdAt: at.now(), executionArn, plan } as const
  const { tenantId } = operator
  await at.stores.rotations.create(aRotation({ tenantId, rotationId, oldPolicyId, packageId, ...names, ...scheduled }))
  return rotationRun(at, fleet, rotationId)
}

/** Follows a rotation that was started. */
export function rotationRun(at: TestRuntime, fleet: TestFleet, rotationId: string): RotationRun {
  const { operator, devices } = fleet
  const path = `/v1/rotations/${rotationId}`
  const executionId = async (wave?: number) => {
    const { items } = await operator.get('/v1/executions', pageOf(shownExecution))
    const execution = items.find((each) => each.rotationId === rotationId && each.wave === wave)
    if (execution) return execution.executionId
    throw new Error(`No execution of wave '${wave}' of rotation '${rotationId}' is listed`)
  }
  return {
    rotationId,
    show: () => operator.get(path, shownRotation),

    async act(action, reason = 'The operator said so') {
      const { etag } = await operator.call({ path })
      const headers = { 'if-match': etag, 'idempotency-key': randomUUID() }
      const answer = await operator.call({ method: 'POST', path: `${path}/actions`, body: { action, reason }, headers })
      await at.settle()
      return answer
    },

    async decisions() {
      return (await operator.get(`${path}/decisions`, pageOf(decisionShape))).items.toReversed()
    },

    executionId,
    statesEntered: async (wave) => statesIn(await history(operator, await executionId(wave))),

    async moved() {
      const shown = await inTurn(devices, ({ deviceId }) => showDevice(fleet, deviceId))
      return shown.flatMap(({ name, effective }) => {
        if (effective.package.status !== 'effective') throw new Error(`Not one package: ${JSON.stringify(effective)}`)
        return effective.package.packageId === fleet.currentPackageId ? [] : name
      })
    },
  }
}

type HistoryEvent = z.output<typeof historyEvent>

/** Everything that happened in an execution. */
export async function history(operator: Operator, executionId: string): Promise<HistoryEvent[]> {
  const path = `/v1/executions/${encodeURIComponent(executionId)}/history?limit=100`
  const events: HistoryEvent[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const from: string = cursor && `&cursor=${encodeURIComponent(cursor)}`
    const page = await operator.get(path + from, pageOf(historyEvent))
    events.push(...page.items)
    cursor = page.nextCursor
  }
  return events
}

function statesIn(events: readonly HistoryEvent[]): string {
  const names = events.flatMap(({ type, details }) => (type.endsWith('StateEntered') ? (details?.name ?? []) : []))
  return names.join(' ')
}
