import type { Template } from '../query/template.ts'
import type { State } from './machine.ts'
import { targetsOf } from './read-branch.ts'

/** Notes every variable that a branch or an iteration assigns although a scope around it has it already. */
export function checkVariables(
  states: ReadonlyMap<string, State>,
  startAt: string,
  problem: (message: string) => void,
): void {
  const visit = (first: string, outer: ReadonlySet<string>) => {
    const own = branchOf(states, first)
    const assigned = new Set(own.flatMap((state) => assignedBy(state)))
    for (const name of assigned) {
      if (outer.has(name))
        problem(`Variable '${name}' is assigned by an outer scope and can't be assigned by an inner one`)
    }
    const visible = new Set([...outer, ...assigned])
    for (const inner of own.flatMap(innerStarts)) visit(inner, visible)
  }
  visit(startAt, new Set())
}

/** The variables that each state reads or assigns names of: `Assign` of the state, its rules and its catchers. */
function assignedBy(state: State): string[] {
  const rules = state.type === 'Choice' ? state.choices : 'catch' in state ? state.catch : []
  return [state, ...rules].flatMap(({ assign }) => namesIn(assign))
}

function namesIn(assign: Template | undefined): string[] {
  if (assign?.is === 'literal' && typeof assign.value === 'object') return Object.keys(assign.value ?? {})
  return assign?.is === 'object' ? assign.parts.map(([name]) => name) : []
}

function branchOf(states: ReadonlyMap<string, State>, startAt: string): State[] {
  const names = new Set([startAt])
  for (const name of names) for (const target of targetsOf(states.get(name))) names.add(target)
  return [...names].flatMap((name) => states.get(name) ?? [])
}

function innerStarts(state: State): readonly string[] {
  if (state.type === 'Parallel') return state.branches
  return state.type === 'Map' ? [state.startAt] : []
}
