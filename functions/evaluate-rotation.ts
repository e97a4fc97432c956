import { StaleRevisionError } from '../domain/errors.ts'
import { gateFacts } from '../domain/gate-facts.ts'
import { laterBy } from '../domain/instants.ts'
import { type GateDecision, isOver, type Rotation, type RotationWait, type Wave } from '../domain/rotation.ts'
import { next } from '../domain/rotation-steps.ts'
import { decideGate } from '../rules/decide-gate.ts'
import { gateRules } from '../rules/gate.ts'
import type { App } from './app.ts'
import { devicesInScope } from './devices-in-scope.ts'

/** What a wait is ended with. */
type Answer = 'go' | 'promote' | 'abort'

/** Ends what a rotation waits for, if it waits and there is nothing left to wait for. */
export async function evaluateRotation(
  { tenantId, rotationId }: { tenantId: string; rotationId: string },
  app: App,
): Promise<void> {
  const wait = await app.rotations.wait(tenantId, rotationId)
  if (wait) await evaluateWait(wait, app)
}

/**
 * Ends a wait, if there is nothing left to wait for; looks again where the rotation changes at the same moment.
 *
 * Whatever is decided is stored before the execution hears of it, so that a repeat after a crash says the same again.
 */
export async function evaluateWait(wait: RotationWait, app: App, attempts = 3): Promise<void> {
  try {
    const { tenantId, rotationId, taskToken, kind, wave } = wait
    const decision = await answerTo(wait, await app.rotations.get(tenantId, rotationId), app)
    if (!decision) return
    await app.executions.answer(taskToken, { decision })
    await app.rotations.clearWait(wait)
    app.log.info('wait ended', { tenantId, rotationId, kind, wave, decision })
  } catch (error) {
    if (!(error instanceof StaleRevisionError) || attempts <= 1) throw error
    await evaluateWait(wait, app, attempts - 1)
  }
}

function answerTo(wait: RotationWait, rotation: Rotation, app: App): Promise<Answer | undefined> {
  switch (wait.kind) {
    case 'start':
      return Promise.resolve(startAnswer(rotation))
    case 'gate':
      return gateAnswer(rotation, wait.wave, app)
    case 'decommission':
      return decommissionAnswer(rotation, wait, app)
    case 'rollback':
      return rollBackAnswer(rotation, wait, app)
  }
}

function startAnswer({ status }: Rotation): Answer | undefined {
  return status === 'running' ? 'go' : status === 'paused' ? undefined : 'abort'
}

async function gateAnswer(rotation: Rotation, waveNumber: number, app: App): Promise<Answer | undefined> {
  const wave = await app.rotations.wave(rotation.tenantId, rotation.rotationId, waveNumber)
  if (!wave || wave.state === 'aborted') return 'abort'
  if (wave.state === 'promoted') return 'promote'
  const decision = await judge(rotation, wave, app)
  if (decision.decision === 'hold') return hold(decision, app)
  const state = decision.decision === 'promote' ? 'promoted' : 'aborted'
  const ended: Wave = { ...wave, state, endedAt: decision.decidedAt }
  await app.rotations.decide({ rotation: decided(rotation, decision), wave: ended, decision })
  return decision.decision
}

async function judge(rotation: Rotation, wave: Wave, app: App): Promise<GateDecision> {
  const { tenantId, rotationId } = rotation
  const [waveCounts, rotationCounts] = await Promise.all([
    app.counters.get(tenantId, { kind: 'wave', rotationId, wave: wave.wave }),
    app.counters.get(tenantId, { kind: 'rotation', rotationId }),
  ])
  const now = app.now()
  const facts = gateFacts({ rotation, wave, waveCounts, rotationCounts, now })
  const verdict = await decideGate(facts, gateRules)
  const decisionId = `${wave.wave}-${verdict.rule}`
  return { tenantId, rotationId, decisionId, wave: wave.wave, decidedAt: now, ...verdict, facts }
}

/** A wave that is held for the same reason as before needs no new record. */
async function hold(decision: GateDecision, app: App): Promise<undefined> {
  const latest = await app.rotations.latestDecision(decision.tenantId, decision.rotationId)
  if (latest?.decisionId !== decision.decisionId) await app.rotations.recordDecision(decision)
}

function decided(rotation: Rotation, { decision, message, wave }: GateDecision): Rotation {
  if (decision === 'promote') return next(rotation, { stateReason: `Wave ${wave} is promoted` })
  const stateReason = rotation.status === 'aborting' ? rotation.stateReason : message
  return next(rotation, { status: 'aborting', stateReason, pausedAt: undefined })
}

/** The abort rules go on running until the old policy is gone. */
async function decommissionAnswer(stored: Rotation, wait: RotationWait, app: App): Promise<Answer | undefined> {
  if (isOver(stored)) return 'go'
  const rotation = await decommissioning(stored, app)
  if (rotation.status === 'aborting') return 'abort'
  const wave = await app.rotations.wave(rotation.tenantId, rotation.rotationId, rotation.currentWave)
  const decision = wave && (await judge(rotation, wave, app))
  if (decision?.decision === 'abort') {
    await app.rotations.recordDecision(decision)
    await app.rotations.replace(decided(rotation, decision))
    return 'abort'
  }
  const { reachableOnOldPolicy } = await devicesInScope(rotation, app)
  return rotation.status === 'decommissioning' && reachableOnOldPolicy === 0 && hasSettled(wait, app) ? 'go' : undefined
}

async function decommissioning(rotation: Rotation, app: App): Promise<Rotation> {
  if (rotation.status !== 'running') return rotation
  const stateReason = 'Waiting until no reachable device depends on the old policy'
  const following = next(rotation, { status: 'decommissioning', stateReason })
  await app.rotations.replace(following)
  return following
}

/**
 * Counters follow the devices within seconds. A wait that ends on nothing being left gives them this long before it
 * believes them.
 */
const settlingMinutes = 5

function hasSettled({ sinceAt }: RotationWait, app: App): boolean {
  return laterBy(sinceAt, { minutes: settlingMinutes }) <= app.now()
}

/** Rolled back is who can be reached; the others come back when they are heard of. */
async function rollBackAnswer(rotation: Rotation, wait: RotationWait, app: App): Promise<Answer | undefined> {
  const { tenantId, rotationId, plan } = rotation
  if (isOver(rotation)) return 'go'
  if (!hasSettled(wait, app)) return undefined
  if (laterBy(wait.sinceAt, { hours: plan.rollbackHours }) <= app.now()) return 'go'
  const counts = await app.counters.get(tenantId, { kind: 'rotation', rotationId })
  const states = ['assigned', 'pending_restart', 'verifying', 'succeeded', 'failed', 'unverified'] as const
  return states.every((state) => !counts[state]) ? 'go' : undefined
}
