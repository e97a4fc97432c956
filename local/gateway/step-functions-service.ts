import { z } from 'zod'
import type { Access } from './access.ts'
import { type Call, jsonResponse, membersOf } from './messages.ts'
import type { Service } from './service.ts'

/** What the gateway needs of a Step Functions engine. */
export interface StepFunctions {
  /** What the operation answers. A refusal is thrown, as an error with a `code` and a `statusCode`. */
  call(operation: string, input: unknown): Promise<unknown>
  /** The ARN of the state machine whose execution waits for the token; undefined where none does. */
  stateMachineOfToken(taskToken: string): string | undefined
}

const onMachine = z.looseObject({ stateMachineArn: z.string() })
const onExecution = z.looseObject({ executionArn: z.string() })
const onToken = z.looseObject({ taskToken: z.string() })

/** Step Functions, answered by `engine`. */
export function stepFunctionsService(engine: StepFunctions): Service {
  return {
    targetPrefix: 'AWSStepFunctions',
    accessOf(call) {
      const resources = resourcesOf(call, engine)
      return resources?.map((resource): Access => ({ action: `states:${call.operation}`, resource }))
    },
    perform: async ({ operation, input }) => jsonResponse(200, await engine.call(operation, input)),
  }
}

/** A token that nobody waits for touches nothing: the engine refuses it whoever brings it. */
function resourcesOf(call: Call, engine: StepFunctions): string[] | undefined {
  switch (call.operation) {
    case 'StartExecution':
    case 'DescribeStateMachine':
    case 'ListExecutions':
      return [membersOf(onMachine, call).stateMachineArn]
    case 'DescribeExecution':
    case 'DescribeStateMachineForExecution':
    case 'GetExecutionHistory':
    case 'StopExecution':
      return [membersOf(onExecution, call).executionArn]
    case 'SendTaskFailure':
    case 'SendTaskHeartbeat':
    case 'SendTaskSuccess': {
      const machineArn = engine.stateMachineOfToken(membersOf(onToken, call).taskToken)
      return machineArn ? [machineArn] : []
    }
    case 'ListStateMachines':
      return ['*']
    default:
      return undefined
  }
}
