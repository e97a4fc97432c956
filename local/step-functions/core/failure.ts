import type { Catcher, Faultable, Retrier, State } from '../definition/machine.ts'
import type { Failure } from '../errors.ts'
import { type Branching, type Frame, framesWithin, parentOf } from './execution.ts'
import { continueMap } from './join.ts'
import type { Turn } from './turn.ts'

/**
 * Lets the state of a frame fail: it is tried again, or caught, or else the state around it fails with the same
 * error, and at last the execution.
 */
export function fail(turn: Turn, id: string, failure: Failure): void {
  const frame = turn.frame(id)
  const state = turn.stateOf(frame)
  if (isFaultable(state) && (retry(turn, frame, state, failure) || handle(turn, frame, state, failure))) return
  const parent = parentOf(id)
  if (parent !== undefined) failChild(turn, turn.frame(parent), frame, failure)
  else turn.add(id, { type: 'ended', status: 'FAILED', ...named(failure) })
}

/** The error and cause of a failure, as far as it has them. */
export function named({ error, cause }: Failure): { error?: string; cause?: string } {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
}

function isFaultable(state: State): state is State & Faultable {
  return 'retry' in state
}

function retry(turn: Turn, { id, retries }: Frame, state: Faultable, failure: Failure): boolean {
  const at = state.retry.findIndex(({ errorEquals }) => matches(errorEquals, failure))
  const retrier = state.retry[at]
  const used = retries[at] ?? 0
  if (!retrier || used >= retrier.maxAttempts) return false
  const delayMs = Math.round(retryDelaySeconds(retrier, used, turn.moment.random) * 1000)
  turn.add(id, { type: 'retrying', retrier: at, dueMs: turn.moment.nowMs + delayMs })
  return true
}

/** How long to wait before the attempt after `used` retries; `random` in [0, 1) decides where there is full jitter. */
export function retryDelaySeconds(retrier: Retrier, used: number, random: number): number {
  const { intervalSeconds, backoffRate, maxDelaySeconds = Number.MAX_SAFE_INTEGER, hasFullJitter } = retrier
  const longest = Math.min(intervalSeconds * backoffRate ** used, maxDelaySeconds)
  return hasFullJitter ? random * longest : longest
}

function handle(turn: Turn, { id }: Frame, state: Faultable, failure: Failure): boolean {
  const catcher = state.catch.findIndex(({ errorEquals }: Catcher) => matches(errorEquals, failure))
  if (catcher < 0) return false
  const { error, cause } = failure
  const hasTimedOut = error === 'States.Timeout'
  const errorOutput = { Error: error ?? null, Cause: cause ?? (hasTimedOut ? '' : null) }
  turn.add(id, { type: 'caught', catcher, errorOutput })
  return true
}

/** Whether a Retry or Catch of these names is meant; `States.Runtime` is beyond all of them. */
function matches(errorEquals: readonly string[], { error, also = [] }: Failure): boolean {
  if (error === 'States.Runtime') return false
  return errorEquals.some((name) => name === 'States.ALL' || name === error || also.includes(name))
}

function failChild(turn: Turn, parent: Frame, child: Frame, failure: Failure): void {
  if (turn.stateOf(parent).type === 'Parallel') {
    failJoin(turn, parent.id, failure, child)
    return
  }
  turn.add(child.id, { type: 'iterationFailed', index: child.index, state: parent.state })
  const { phase } = turn.frame(parent.id)
  if (phase.is !== 'branching') return
  if (isTolerated(phase)) continueMap(turn, parent.id, child.lastEventId)
  else failJoin(turn, parent.id, hasTolerance(phase) ? tooManyFailures : failure)
}

/** Ends what else runs in a Parallel or Map, and lets it fail. */
function failJoin(turn: Turn, id: string, failure: Failure, culprit?: Frame): void {
  const { state } = turn.frame(id)
  const stateType = turn.stateNamed(state).type === 'Map' ? 'Map' : 'Parallel'
  turn.abandonTasks(id)
  for (const inner of framesWithin(turn.execution, id)) {
    if (inner.phase.is === 'running') turn.add(inner.id, { type: 'taskAborted' })
    const isIteration = stateType === 'Map' && parentOf(inner.id) === id
    if (isIteration) turn.add(inner.id, { type: 'iterationAborted', index: inner.index, state })
  }
  turn.add(id, { type: 'joinFailed', stateType }, culprit?.lastEventId)
  fail(turn, id, failure)
}

const tooManyFailures: Failure = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
}

function hasTolerance({ plan }: Branching): boolean {
  return plan?.toleratedFailureCount !== undefined || plan?.toleratedFailurePercentage !== undefined
}

function isTolerated({ plan, failed, outputs }: Branching): boolean {
  if (!plan || (plan.toleratedFailureCount === undefined && plan.toleratedFailurePercentage === undefined)) return false
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = plan
  const isWithinCount = count === undefined || failed <= count
  return isWithinCount && (percentage === undefined || (failed / outputs.length) * 100 <= percentage)
}
