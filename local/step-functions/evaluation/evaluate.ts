import type { Execution, Frame } from '../core/execution.ts'
import type { Evaluated } from '../core/input.ts'
import type { Catcher, Machine, State } from '../definition/machine.ts'
import { EvaluationError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Scope, States } from '../query/scope.ts'
import { run, type Steps } from '../query/template.ts'
import { evaluateChoice } from './choice.ts'
import { contextOf, type Identity } from './context.ts'
import { evaluateExit } from './exit.ts'
import { evaluateFail } from './fail.ts'
import { evaluateMap } from './map.ts'
import { evaluateParallel } from './parallel.ts'
import { evaluateTask } from './task.ts'
import { evaluateWait } from './wait.ts'

/** Where an evaluation takes place. */
export interface Surroundings {
  readonly identity: Identity
  readonly machine: Machine
  readonly execution: Execution
  readonly nowMs: number
  /** The token that a task waits for whose secret is `reference`. */
  tokenOf(frame: string, reference: string): string
  newReference(): string
}

/** Evaluates what `frame` needs next: at once where every expression is simple enough, else by and by. */
export function evaluate(surroundings: Surroundings, frame: Frame): Evaluated | Promise<Evaluated> {
  const state = surroundings.machine.states.get(frame.state)
  if (!state) throw new Error(`The machine has no state '${frame.state}'`)
  return run(guarded(state, frame, evaluateFrame(surroundings, state, frame)))
}

function* guarded(state: State, { enteredId }: Frame, steps: Steps<Evaluated>): Steps<Evaluated> {
  try {
    return yield* steps
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    const where = `An error occurred while executing the state '${state.name}' (entered at the event id #${enteredId}).`
    const cause = `${where} ${error.message}`
    if (error.error !== 'States.QueryEvaluationError') return { is: 'refused', error: error.error, cause }
    const { location, isAfterEntry } = error
    const fault = { state: state.name, error: error.error, cause, ...(location !== undefined && { location }) }
    return { is: 'fault', fault, isAfterEntry }
  }
}

function evaluateFrame(surroundings: Surroundings, state: State, frame: Frame): Steps<Evaluated> {
  const { phase } = frame
  if (phase.is === 'catching') {
    const catcher = 'catch' in state ? state.catch[phase.catcher] : undefined
    return evaluateCatcher(catcher, scopeOf(surroundings, state, frame, { errorOutput: phase.errorOutput }), phase)
  }
  if (phase.is !== 'leaving') return evaluateEntry(surroundings, state, frame)
  const { result } = phase
  const scope = scopeOf(surroundings, state, frame, result === undefined ? {} : { result })
  return evaluateExit(scope, state, state.next, result ?? frame.input)
}

function evaluateEntry(surroundings: Surroundings, state: State, frame: Frame): Steps<Evaluated> {
  if (state.type === 'Task') {
    const reference = surroundings.newReference()
    const token = state.integration.until === 'token' ? surroundings.tokenOf(frame.id, reference) : undefined
    return evaluateTask(scopeOf(surroundings, state, frame, {}, token), state, reference)
  }
  const scope = scopeOf(surroundings, state, frame)
  switch (state.type) {
    case 'Pass':
    case 'Succeed':
      return evaluateExit(scope, state, state.next, frame.input)
    case 'Fail':
      return evaluateFail(scope, state)
    case 'Choice':
      return evaluateChoice(scope, state)
    case 'Wait':
      return evaluateWait(scope, state)
    case 'Parallel':
      return evaluateParallel(scope, state)
    case 'Map':
      return evaluateMap(scope, state)
  }
}

function evaluateCatcher(catcher: Catcher | undefined, scope: Scope, { errorOutput }: { errorOutput: JsonObject }) {
  return evaluateExit(scope, catcher ?? {}, catcher?.next, errorOutput)
}

function scopeOf(
  { identity, execution, nowMs }: Surroundings,
  state: State,
  frame: Frame,
  also: Pick<States, 'result' | 'errorOutput'> = {},
  token?: string,
): Scope {
  let context: JsonObject | undefined
  const states: States = {
    input: frame.input,
    ...also,
    get context() {
      context ??= contextOf(identity, execution, frame, state, token)
      return context
    },
  }
  return { states, variables: frame.variables, nowMs }
}
