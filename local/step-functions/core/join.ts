import type { Json } from '../json.ts'
import { type Branching, type Frame, parentOf } from './execution.ts'
import type { MapPlan } from './fact.ts'
import type { Turn } from './turn.ts'

/** How many iterations run at once where a Map sets no limit. */
const defaultConcurrency = 40

/** Goes to state `name` of the frame's branch. */
export function enter(turn: Turn, frame: string, name: string, input: Json): void {
  turn.add(frame, { type: 'entered', state: name, stateType: turn.stateNamed(name).type, input })
}

/** Starts every branch of a Parallel with `input`. */
export function startBranches(turn: Turn, { id }: Frame, branches: readonly string[], input: Json): void {
  turn.add(id, { type: 'branched', input, count: branches.length })
  for (const [index, startAt] of branches.entries()) enter(turn, `${id}.${index}`, startAt, input)
}

/** Starts the iterations of a Map, as many as may run at once. */
export function startIterations(turn: Turn, { id }: Frame, plan: MapPlan): void {
  turn.add(id, { type: 'mapped', ...plan })
  continueMap(turn, id)
}

/** Takes the output of a branch or iteration that has ended, and goes on with the state around it. */
export function joinChild(turn: Turn, child: Frame): void {
  const id = parentOf(child.id) ?? ''
  const parent = turn.frame(id)
  if (turn.stateOf(parent).type === 'Map') {
    turn.add(child.id, { type: 'iterationSucceeded', index: child.index, state: parent.state })
    continueMap(turn, id, child.lastEventId)
    return
  }
  turn.add(child.id, { type: 'branchSucceeded' })
  const { phase } = turn.frame(id)
  if (phase.is === 'branching' && phase.succeeded === phase.outputs.length) joinOutputs(turn, id, 'Parallel', phase)
}

/** Starts the iterations that there is room for; ends the Map where none is left. */
export function continueMap(turn: Turn, id: string, previousId?: number): void {
  for (;;) {
    const { phase, state } = turn.frame(id)
    if (phase.is !== 'branching' || !phase.plan) return
    const { inputs, maxConcurrency } = phase.plan
    const ended = phase.succeeded + phase.failed
    if (ended === inputs.length) joinOutputs(turn, id, 'Map', phase)
    const index = phase.started
    if (index === inputs.length || index - ended >= (maxConcurrency || defaultConcurrency)) return
    turn.add(id, { type: 'iterationStarted', index, state }, previousId)
    enter(turn, `${id}.${index}`, startOf(turn, state), inputs[index] ?? null)
  }
}

function startOf(turn: Turn, name: string): string {
  const state = turn.stateNamed(name)
  return state.type === 'Map' ? state.startAt : ''
}

function joinOutputs(turn: Turn, id: string, stateType: 'Parallel' | 'Map', { outputs }: Branching): void {
  turn.add(id, { type: 'joined', stateType, output: outputs.filter((output) => output !== undefined) })
}
