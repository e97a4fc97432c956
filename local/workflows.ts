import type { Clock } from './clock.ts'
import type { Invoke } from './functions/invocation.ts'
import type { Authorizer } from './gateway/authorizer.ts'
import {
  type FunctionAnswer,
  type FunctionCall,
  openStepFunctions,
  type StepFunctions,
} from './step-functions/engine.ts'
import { StepFunctionsError } from './step-functions/errors.ts'
import type { Deployment, StateMachineResource } from './template/deployment.ts'
import { functionArnOf } from './template/read-functions.ts'

/** What the state machines need of their surroundings. */
export interface WorkflowsOptions {
  readonly deployment: Deployment
  readonly journalPath: string
  readonly clock: Clock
  readonly invoke: Invoke
  readonly authorize: Authorizer['authorize']
}

/** A Step Functions engine with the deployment's state machines, whose tasks call the deployment's functions. */
export async function openWorkflows({ deployment, journalPath, clock, invoke, authorize }: WorkflowsOptions) {
  const { region, accountId, functions, stateMachines } = deployment
  const known = new Set(functions.map(({ arn }) => arn))

  async function invokeFunction({ functionName, payload, roleArn }: FunctionCall): Promise<FunctionAnswer> {
    const resource = functionArnOf(functionName)
    const { isAllowed, message } = authorize({ roleArn, action: 'lambda:InvokeFunction', resource })
    if (!isAllowed) return { kind: 'serviceError', error: 'Lambda.AccessDeniedException', cause: message }
    if (!known.has(resource)) {
      const cause = `Function not found: ${resource}`
      return { kind: 'serviceError', error: 'Lambda.ResourceNotFoundException', cause }
    }
    const outcome = await invoke(resource, payload)
    if (outcome.kind === 'success') return { kind: 'success', payload: outcome.payload, requestId: outcome.requestId }
    return { kind: 'functionError', errorType: outcome.error.errorType, cause: JSON.stringify(outcome.error) }
  }

  const engine = openStepFunctions({ journalPath, clock, region, accountId, invokeFunction, authorize })
  for (const machine of stateMachines) await deploy(engine, machine)
  return engine
}

/** Creates the machine, or gives it the template's definition where it was created at an earlier start. */
async function deploy(engine: StepFunctions, { name, arn, roleArn, definition }: StateMachineResource) {
  try {
    await engine.call('CreateStateMachine', { name, roleArn, definition, type: 'STANDARD' })
  } catch (error) {
    if (!(error instanceof StepFunctionsError) || error.code !== 'StateMachineAlreadyExists') throw error
    await engine.call('UpdateStateMachine', { stateMachineArn: arn, roleArn, definition })
  }
}
