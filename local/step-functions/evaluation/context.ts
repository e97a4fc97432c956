import type { Execution, Frame } from '../core/execution.ts'
import type { State } from '../definition/machine.ts'
import type { JsonObject } from '../json.ts'

/** What an execution is called. */
export interface Identity {
  readonly executionArn: string
  readonly executionName: string
  readonly stateMachineArn: string
  readonly stateMachineName: string
}

/** `$states.context` in the given frame; `token` in a Task that waits for one. */
export function contextOf(
  identity: Identity,
  execution: Execution,
  frame: Frame,
  state: State,
  token?: string,
): JsonObject {
  const { executionArn, executionName, stateMachineArn, stateMachineName } = identity
  const retryCount = frame.retries.reduce((sum, used) => sum + used, 0)
  return {
    Execution: {
      Id: executionArn,
      Input: execution.input,
      Name: executionName,
      RoleArn: execution.roleArn,
      StartTime: new Date(execution.startedAtMs).toISOString(),
      RedriveCount: 0,
    },
    State: {
      Name: frame.state,
      EnteredTime: new Date(frame.enteredAtMs).toISOString(),
      ...(state.type === 'Task' && { RetryCount: retryCount }),
    },
    StateMachine: { Id: stateMachineArn, Name: stateMachineName },
    ...(token !== undefined && { Task: { Token: token } }),
    ...(frame.item && { Map: { Item: frame.item } }),
  }
}
