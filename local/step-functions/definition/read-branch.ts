import type { State } from './machine.ts'
import { readState } from './read-state.ts'
import type { Reader } from './reader.ts'

/** Where the states that are read go, and what the machine says about all of them. */
export interface Reading {
  readonly states: Map<string, State>
  readonly hasDefaultLanguage: boolean
}

/** Reads the `StartAt` and `States` of a machine, a branch or an item processor; gives the first state's name. */
export function readBranch(reader: Reader, reading: Reading): string {
  const missing = ['States', 'StartAt'].filter((name) => !reader.has(name))
  if (missing.length > 0) reader.problem(`These fields are required: [${missing.join(', ')}]`)
  const own = new Map<string, State>()
  for (const [name, state] of reader.entries('States')) {
    if (name.length > 80) state.problem(`State name '${name}' is longer than 80 characters`)
    if (reading.states.has(name))
      state.problem(`State name '${name}' is used more than once`, undefined, 'DUPLICATE_STATE_NAME')
    checkStateLanguage(state, reading)
    const read = readState(name, state, reading)
    if (read) own.set(name, read)
    if (read) reading.states.set(name, read)
  }
  const startAt = reader.text('StartAt') ?? ''
  checkTransitions(reader, startAt, own)
  return startAt
}

function checkStateLanguage(state: Reader, { hasDefaultLanguage }: Reading): void {
  const language = state.text('QueryLanguage')
  if (language !== undefined) checkLanguage(language, state.problem)
  else if (!hasDefaultLanguage) {
    state.problem(`QueryLanguage 'JSONPath', the default, is not supported; write "QueryLanguage": "JSONata"`)
  }
}

/** Notes a query language other than JSONata. */
export function checkLanguage(language: string, problem: (message: string, field: string) => void): void {
  if (language !== 'JSONata') {
    problem(`QueryLanguage '${language}' is not supported; write the state machine in JSONata`, 'QueryLanguage')
  }
}

/** Notes transitions to states that this branch does not have, and states that none leads to. */
function checkTransitions(reader: Reader, startAt: string, own: ReadonlyMap<string, State>): void {
  const code = 'MISSING_TRANSITION_TARGET'
  const declared = new Set(reader.entries('States').map(([name]) => name))
  if (!declared.has(startAt)) reader.problem(`Missing 'StartAt' target: ${startAt}`, 'StartAt', code)
  const reached = new Set([startAt])
  for (const name of reached) {
    for (const target of targetsOf(own.get(name))) {
      if (declared.has(target)) reached.add(target)
      else reader.problem(`Missing 'Next' target: ${target}`, `States/${name}/Next`, code)
    }
  }
  for (const name of own.keys()) {
    if (!reached.has(name)) reader.problem(`State '${name}' is not reachable.`, `States/${name}`, code)
  }
}

/** The states that may follow `state` in its branch. */
export function targetsOf(state: State | undefined): string[] {
  if (!state) return []
  const targets = state.next === undefined ? [] : [state.next]
  if (state.type === 'Choice') targets.push(...state.choices.map(({ next }) => next))
  if (state.type === 'Choice' && state.default !== undefined) targets.push(state.default)
  if ('catch' in state) targets.push(...state.catch.map(({ next }) => next))
  return targets
}
