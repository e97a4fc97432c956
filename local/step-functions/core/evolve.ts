import type { Json } from '../json.ts'
import {
  type Branching,
  type Execution,
  type Frame,
  framesWithin,
  type Phase,
  parentOf,
  rootFrame,
} from './execution.ts'
import type { Fact, Outcome } from './fact.ts'

/** An execution of which nothing is known yet. */
export const blankExecution: Execution = {
  startedAtMs: 0,
  input: null,
  roleArn: '',
  frames: new Map(),
  lastEventId: 0,
  factCount: 0,
}

/** The execution after `fact`. */
export function evolve(execution: Execution, fact: Fact): Execution {
  const isStart = fact.type === 'started'
  const next = {
    startedAtMs: isStart ? fact.atMs : execution.startedAtMs,
    input: isStart ? fact.input : execution.input,
    roleArn: isStart ? fact.roleArn : execution.roleArn,
    frames: framesAfter(execution, fact),
    lastEventId: fact.id === 0 ? execution.lastEventId : fact.id,
    factCount: execution.factCount + 1,
  }
  return fact.type === 'ended' ? { ...next, outcome: outcomeIn(fact) } : next
}

function outcomeIn(fact: Outcome): Outcome {
  if (fact.status === 'SUCCEEDED') return { status: fact.status, output: fact.output }
  const { status, error, cause } = fact
  return { status, error, cause }
}

function framesAfter(execution: Execution, fact: Fact): ReadonlyMap<string, Frame> {
  const ticket = execution.factCount
  if (fact.type === 'started') return new Map([[rootFrame, blankFrame(rootFrame, ticket)]])
  if (fact.type === 'ended') return new Map()
  const frames = new Map(execution.frames)
  if (fact.type === 'branched') addBranches(frames, fact.frame, fact, ticket)
  if (fact.type === 'iterationStarted') addIteration(frames, fact, ticket)
  if (fact.type === 'joinFailed') for (const { id } of framesWithin(execution, fact.frame)) frames.delete(id)
  if (endsChild(fact)) endChild(frames, fact)
  const frame = frames.get(fact.frame)
  if (frame) frames.set(fact.frame, frameAfter(frame, fact, ticket))
  return frames
}

function frameAfter(frame: Frame, fact: Fact, ticket: number): Frame {
  const isTracked = fact.id > 0 && fact.type !== 'joined' && fact.type !== 'iterationStarted'
  const lastEventId = isTracked ? fact.id : frame.lastEventId
  if (fact.type === 'entered') {
    const { state, input, atMs: enteredAtMs, id: enteredId, previousId: beforeEntryId } = fact
    const entry = { state, input, enteredAtMs, enteredId, beforeEntryId, lastEventId, retries: [], ticket }
    return { ...frame, ...entry, phase: { is: 'entered' } }
  }
  if (fact.type === 'exited') {
    const variables = fact.assigned ? { ...frame.variables, ...fact.assigned } : frame.variables
    return { ...frame, lastEventId, variables, phase: { is: 'done', output: fact.output }, ticket }
  }
  if (fact.type === 'heartbeat' && frame.phase.is === 'running') {
    return { ...frame, phase: { ...frame.phase, heartbeatAtMs: fact.atMs } }
  }
  const phase = phaseAfter(frame, fact)
  if (!phase) return { ...frame, lastEventId }
  const retries = fact.type === 'retrying' ? countUp(frame.retries, fact.retrier) : frame.retries
  return { ...frame, lastEventId, retries, phase, ticket }
}

/** The phase that `fact` begins; undefined where it leaves the frame in the one it is in. */
function phaseAfter(frame: Frame, fact: Fact): Phase | undefined {
  const { phase } = frame
  switch (fact.type) {
    case 'waiting':
    case 'retrying':
      return { is: fact.type, dueMs: fact.dueMs }
    case 'retried':
      return { is: 'entered' }
    case 'waited':
      return { is: 'leaving' }
    case 'scheduled': {
      const { resource, parameters, reference, timeoutSeconds, heartbeatSeconds, atMs } = fact
      const limits = {
        ...(timeoutSeconds !== undefined && { timeoutSeconds }),
        ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
      }
      const times = { scheduledAtMs: atMs, heartbeatAtMs: atMs, isSubmitted: false }
      return { is: 'running', resource, parameters, reference, ...limits, ...times }
    }
    case 'submitted':
      if (phase.is !== 'running') return undefined
      return { ...phase, isSubmitted: true, ...(fact.childArn !== undefined && { childArn: fact.childArn }) }
    case 'succeeded':
    case 'joined':
      return { is: 'leaving', result: fact.output }
    case 'caught':
      return { is: 'catching', catcher: fact.catcher, errorOutput: fact.errorOutput }
    case 'mapped': {
      const { items, keys, inputs, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = fact
      const plan = { items, inputs, maxConcurrency, ...(keys && { keys }) }
      const tolerance = {
        ...(toleratedFailureCount !== undefined && { toleratedFailureCount }),
        ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
      }
      return { ...branching(inputs.length), plan: { ...plan, ...tolerance } }
    }
    default:
      return undefined
  }
}

function branching(count: number): Branching {
  return {
    is: 'branching',
    outputs: Array.from({ length: count }, () => undefined),
    started: 0,
    succeeded: 0,
    failed: 0,
  }
}

function countUp(counts: readonly number[], at: number): number[] {
  return Array.from({ length: Math.max(counts.length, at + 1) }, (_, i) => (counts[i] ?? 0) + (i === at ? 1 : 0))
}

function blankFrame(id: string, ticket: number): Frame {
  const entry = { state: '', input: null, enteredAtMs: 0, enteredId: 0, beforeEntryId: 0, lastEventId: 0, retries: [] }
  return { id, index: 0, variables: {}, ...entry, phase: { is: 'done', output: null }, ticket }
}

type Frames = Map<string, Frame>

function addBranches(frames: Frames, id: string, fact: Fact & { type: 'branched' }, ticket: number): void {
  const parent = frames.get(id)
  if (!parent) return
  for (let index = 0; index < fact.count; index++) frames.set(`${id}.${index}`, childOf(parent, index, fact.id, ticket))
  frames.set(id, { ...parent, phase: { ...branching(fact.count), started: fact.count }, ticket })
}

function addIteration(frames: Frames, fact: Fact & { type: 'iterationStarted' }, ticket: number): void {
  const parent = frames.get(fact.frame)
  if (parent?.phase.is !== 'branching') return
  const { index } = fact
  const { items = [], keys } = parent.phase.plan ?? {}
  const key = keys?.[index]
  const item = {
    Index: index,
    Value: items[index] ?? null,
    ...(key !== undefined && { Key: key }),
    Source: 'STATE_DATA',
  }
  frames.set(`${parent.id}.${index}`, { ...childOf(parent, index, fact.id, ticket), item })
  frames.set(parent.id, { ...parent, phase: { ...parent.phase, started: parent.phase.started + 1 } })
}

/** The frame of a branch or iteration; it sees the variables around it, and starts from the event `lastEventId`. */
function childOf(parent: Frame, index: number, lastEventId: number, ticket: number): Frame {
  const { variables, item } = parent
  const blank = { ...blankFrame(`${parent.id}.${index}`, ticket), index, variables, lastEventId }
  return item ? { ...blank, item } : blank
}

type ChildEnd = Fact & { type: 'branchSucceeded' | 'iterationSucceeded' | 'iterationFailed' | 'iterationAborted' }

function endsChild(fact: Fact): fact is ChildEnd {
  return fact.type === 'branchSucceeded' || (fact.type.startsWith('iteration') && fact.type !== 'iterationStarted')
}

/** Takes the child's frame away and its output into its parent, which goes on from the event that ended it. */
function endChild(frames: Frames, fact: ChildEnd): void {
  const child = frames.get(fact.frame)
  const parent = frames.get(parentOf(fact.frame) ?? '')
  frames.delete(fact.frame)
  for (const id of frames.keys()) if (id.startsWith(`${fact.frame}.`)) frames.delete(id)
  if (!child || parent?.phase.is !== 'branching') return
  const lastEventId = fact.id || child.lastEventId
  frames.set(parent.id, { ...parent, lastEventId, phase: countEnd(parent.phase, child, fact) })
}

function countEnd(phase: Branching, child: Frame, fact: ChildEnd): Branching {
  if (fact.type === 'iterationFailed') return { ...phase, failed: phase.failed + 1 }
  if (fact.type === 'iterationAborted' || child.phase.is !== 'done') return phase
  const output: Json = child.phase.output
  return { ...phase, succeeded: phase.succeeded + 1, outputs: phase.outputs.with(child.index, output) }
}
