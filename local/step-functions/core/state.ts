import { isLargerThan } from '../json.ts'
import { type Frame, parentOf } from './execution.ts'
import type { Exit } from './fact.ts'
import { fail, named } from './failure.ts'
import type { Evaluated } from './input.ts'
import { enter, joinChild, startBranches, startIterations } from './join.ts'
import { longestPayload, tooLarge } from './limits.ts'
import { startTask } from './task.ts'
import type { Turn } from './turn.ts'

/** Goes on with a state whose fields have been evaluated. */
export function onEvaluated(turn: Turn, frame: Frame, evaluated: Evaluated): void {
  const state = turn.stateOf(frame)
  switch (evaluated.is) {
    case 'exit':
      leave(turn, frame, evaluated)
      break
    case 'fail':
    case 'refused':
      fail(turn, frame.id, named(evaluated))
      break
    case 'fault':
      onFault(turn, frame, evaluated)
      break
    case 'wait':
      turn.add(frame.id, { type: 'waiting', dueMs: evaluated.dueMs })
      break
    case 'task':
      if (state.type === 'Task') startTask(turn, frame, state.integration, evaluated.plan)
      break
    case 'branches':
      if (state.type === 'Parallel') startBranches(turn, frame, state.branches, evaluated.input)
      break
    case 'map':
      startIterations(turn, frame, evaluated.plan)
  }
}

function leave(turn: Turn, frame: Frame, exit: Exit): void {
  const { id, state } = frame
  const { output, assigned, next } = exit
  if (isLargerThan(output, longestPayload) || (assigned && isLargerThan(assigned, longestPayload))) {
    fail(turn, id, tooLarge(state))
    return
  }
  const { type: stateType } = turn.stateOf(frame)
  const parts = { ...(assigned && { assigned }), ...(next !== undefined && { next }) }
  turn.add(id, { type: 'exited', state, stateType, output, ...parts })
  if (next !== undefined) enter(turn, id, next, output)
  else if (parentOf(id) !== undefined) joinChild(turn, turn.frame(id))
  else turn.add(id, { type: 'ended', status: 'SUCCEEDED', output })
}

/** A fault on entry follows the event before the entry; a Map or Parallel that it stops is said to have failed. */
function onFault(turn: Turn, frame: Frame, { fault, isAfterEntry }: Evaluated & { is: 'fault' }): void {
  const { id, phase, lastEventId, enteredId, beforeEntryId } = frame
  const isOnEntry = lastEventId === enteredId && !isAfterEntry
  turn.add(id, { type: 'evaluationFailed', ...fault }, isOnEntry ? beforeEntryId : lastEventId)
  const { type: stateType } = turn.stateOf(frame)
  const isJoin = stateType === 'Map' || stateType === 'Parallel'
  if (isJoin && phase.is === 'entered') turn.add(id, { type: 'joinFailed', stateType })
  fail(turn, id, named(fault))
}
