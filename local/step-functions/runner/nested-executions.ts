import { randomUUID } from 'node:crypto'
import type { RunningTask } from '../core/execution.ts'
import type { TaskAnswer } from '../core/input.ts'
import type { AuthorizationRequest } from '../engine.ts'
import { StepFunctionsError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { ExecutionRow, ExecutionStore, Starter } from '../store/execution-store.ts'
import type { Loop } from './loop.ts'
import { withMetadata } from './perform-task.ts'
import type { Running } from './running.ts'

/** The executions that Task states start. */
export interface NestedExecutions {
  /** Starts the execution that `task` asks for, or finds it where it was started already. */
  start(running: Running, frame: string, task: RunningTask): TaskAnswer
  /** Tells what became of the execution, once it is over. */
  onEnd(childArn: string, task: RunningTask, tell: (answer: TaskAnswer) => void): void
  /** Stops the execution, where the role of the one that waited for it may. */
  stop(roleArn: string, childArn: string): void
  /** Stops every open execution whose starter no longer waits for it. */
  stopOrphans(): void
}

export interface NestedExecutionsOptions {
  readonly executions: ExecutionStore
  loop(): Loop
  startExecution(request: { stateMachineArn: string; name: string; input: string; startedBy: Starter }): {
    executionArn: string
    startedAtMs: number
  }
  authorize?: ((request: AuthorizationRequest) => { isAllowed: boolean; message: string }) | undefined
}

/** Starts, awaits and stops executions for the tasks of others. */
export function nestedExecutions(options: NestedExecutionsOptions): NestedExecutions {
  const { executions, loop } = options
  const refusal = (roleArn: string, action: string, resource: string) => {
    const verdict = options.authorize?.({ roleArn, action, resource })
    return verdict?.isAllowed === false ? failureOf('AccessDeniedException', verdict.message) : undefined
  }
  const stop = (childArn: string) => {
    const child = executions.find(childArn)
    if (child) loop().feed(child.number, { type: 'stop', cause: 'The task that waited for this execution is over' })
  }
  const isAwaited = ({ execution, frame, reference }: Starter) => {
    const phase = loop().find(execution)?.execution.frames.get(frame)?.phase
    return phase?.is === 'running' && phase.reference === reference
  }

  return {
    start(running, frame, task) {
      const { StateMachineArn, Name, Input } = isObject(task.parameters) ? task.parameters : {}
      const stateMachineArn = typeof StateMachineArn === 'string' ? StateMachineArn : ''
      const { roleArn } = running.execution
      const refused = refusal(roleArn, 'states:StartExecution', stateMachineArn)
      if (refused) return refused
      const { reference, resource } = task
      const isAwaited = resource.includes('.sync')
      const name = typeof Name === 'string' ? Name : reference
      const input = typeof Input === 'string' ? Input : JSON.stringify(Input ?? {})
      try {
        const startedBy = { execution: running.number, frame, reference, isAwaited }
        const { executionArn, startedAtMs } = options.startExecution({ stateMachineArn, name, input, startedBy })
        const output = withMetadata({ ExecutionArn: executionArn, StartDate: startedAtMs }, randomUUID())
        if (!isAwaited) return { is: 'success', output }
        const unseen = refusal(roleArn, 'states:DescribeExecution', executionArn)
        return unseen ?? { is: 'submitted', output, childArn: executionArn }
      } catch (error) {
        if (error instanceof StepFunctionsError) return failureOf(`${error.code}Exception`, error.message)
        throw error
      }
    },

    onEnd(childArn, { resource }, tell) {
      const child = executions.find(childArn)
      if (!child) {
        tell(failureOf('ExecutionDoesNotExistException', `Execution Does Not Exist: '${childArn}'`))
        return
      }
      loop().onClosed(child.number, () => tell(answerOf(executions.find(childArn) ?? child, resource.endsWith(':2'))))
    },

    stop(roleArn, childArn) {
      if (!refusal(roleArn, 'states:StopExecution', childArn)) stop(childArn)
    },

    stopOrphans() {
      for (const { arn, startedBy } of executions.open()) {
        if (startedBy?.isAwaited && !isAwaited(startedBy)) stop(arn)
      }
    },
  }
}

function failureOf(name: string, message: string): TaskAnswer {
  const cause = `${message} (Service: AWSStepFunctions; Status Code: 400; Error Code: ${name})`
  return { is: 'failure', error: `StepFunctions.${name}`, cause }
}

/** What the end of an execution means for the task that waited for it. */
function answerOf(child: ExecutionRow, givesValues: boolean): TaskAnswer {
  const description = describe(child, givesValues)
  if (child.status === 'SUCCEEDED') return { is: 'success', output: description }
  return { is: 'failure', error: 'States.TaskFailed', cause: JSON.stringify(description) }
}

/** A closed execution as `startExecution.sync` gives it: inputs and outputs as JSON text, or as values. */
function describe(child: ExecutionRow, givesValues: boolean): JsonObject {
  const { arn, name, machineArn, status, startedAtMs, stoppedAtMs, input, output, error, cause } = child
  const payload = (text: string) => (givesValues ? JSON.parse(text) : text)
  return {
    ExecutionArn: arn,
    Input: payload(input),
    InputDetails: { Included: true },
    Name: name,
    ...(output !== undefined && { Output: payload(output), OutputDetails: { Included: true } }),
    ...(error !== undefined && { Error: error }),
    ...(cause !== undefined && { Cause: cause }),
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: `Execution is ${status} and cannot be redriven`,
    StartDate: startedAtMs,
    StateMachineArn: machineArn,
    Status: status,
    StopDate: stoppedAtMs ?? startedAtMs,
  }
}
