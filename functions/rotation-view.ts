import { progressStates } from '../domain/device.ts'
import { laterBy } from '../domain/instants.ts'
import type { GateDecision, Rotation, RotationWait, Wave } from '../domain/rotation.ts'
import { isOver } from '../domain/rotation.ts'
import { shown } from './answers.ts'
import type { App } from './app.ts'
import { executionIdOf } from './execution-id.ts'

/** A rotation as lists show it: with its devices counted. */
export async function rotationSummary(rotation: Rotation, app: App) {
  const { tenantId, rotationId } = rotation
  const counted = await app.counters.get(tenantId, { kind: 'rotation', rotationId })
  return {
    ...shown(rotation),
    executionId: executionIdOf(rotation.executionArn),
    harmedDevices: counted.harmed ?? 0,
    devices: byState(counted),
  }
}

/** A rotation with its waves, its latest gate decision, and what it waits for. */
export async function rotationDetail(rotation: Rotation, app: App) {
  const { tenantId, rotationId } = rotation
  const [summary, waves, latestDecision, wait] = await Promise.all([
    rotationSummary(rotation, app),
    wavesOf(rotation, app),
    app.rotations.latestDecision(tenantId, rotationId),
    app.rotations.wait(tenantId, rotationId),
  ])
  const waitingFor = wait && !isOver(rotation) ? waitShown(wait, rotation, latestDecision) : undefined
  return { ...summary, waves, latestDecision: latestDecision && shown(latestDecision), waitingFor }
}

/** Every planned wave, those not yet entered as pending. */
export async function wavesOf({ tenantId, rotationId, plan }: Rotation, app: App) {
  const entered = new Map((await app.rotations.waves(tenantId, rotationId)).map((each) => [each.wave, each]))
  const targets = [{ groupId: plan.validationGroupId }, ...plan.waves]
  return Promise.all(
    targets.map(async (target, wave) => {
      const found = entered.get(wave)
      if (!found) return { wave, target, state: 'pending', devices: {} }
      const counted = await app.counters.get(tenantId, { kind: 'wave', rotationId, wave })
      return { ...waveShown(found), target, devices: { ...byState(counted), harmed: counted.harmed ?? 0 } }
    }),
  )
}

function waveShown(wave: Wave) {
  const { rotationId, ...rest } = shown(wave)
  return rest
}

function byState(counted: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(progressStates.flatMap((state) => (counted[state] ? [[state, counted[state]]] : [])))
}

/** Why it is not moving, since when, and what would end it. */
function waitShown(wait: RotationWait, rotation: Rotation, latest: GateDecision | undefined) {
  const { kind, wave, sinceAt } = wait
  if (rotation.status === 'paused') {
    const cause = `The rotation is paused: ${rotation.stateReason}`
    return { kind, wave, sinceAt: rotation.pausedAt ?? sinceAt, cause, endsWhen: 'An operator resumes or aborts it' }
  }
  return { kind, wave, sinceAt, ...causeOf(wait, rotation, latest) }
}

function causeOf(
  { kind, wave, sinceAt }: RotationWait,
  { plan, stateReason }: Rotation,
  latest: GateDecision | undefined,
) {
  switch (kind) {
    case 'start':
      return { cause: `Wave ${wave} may not start yet: ${stateReason}`, endsWhen: 'The rotation is running' }
    case 'gate':
      return latest?.wave === wave
        ? { cause: latest.message, endsWhen: latest.remedy }
        : { cause: `Wave ${wave} has not been judged yet`, endsWhen: 'The next evaluation, within 15 minutes' }
    case 'decommission':
      return { cause: stateReason, endsWhen: 'The last reachable device has checked in since the last wave began' }
    case 'rollback': {
      const endsAt = laterBy(sinceAt, { hours: plan.rollbackHours })
      return {
        cause: `Devices come back to the old package at their next restart: ${stateReason}`,
        endsWhen: `Every reachable device is back, or it is ${endsAt}`,
      }
    }
  }
}
