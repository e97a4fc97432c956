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
import { readToken } from './step-functions/runner/token.ts'
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
  const machines = new Map<number, string>()

  async function invokeFunction({
    functionName,
    payload,
    roleArn,
    executionArn,
  }: FunctionCall): Promise<FunctionAnswer> {
    const resource = functionArnOf(functionName)
    const { isAllowed, message } = authorize({ roleArn, action: 'lambda:InvokeFunction', resource })
    if (!isAllowed) return { kind: 'serviceError', error: 'Lambda.AccessDeniedException', cause: message }
    if (!known.has(resource)) {
      const cause = `Function not found: ${resource}`
      return { kind: 'serviceError', error: 'Lambda.ResourceNotFoundException', cause }
    }
    for (const execution of executionsIn(payload)) machines.set(execution, machineOf(executionArn))
    const outcome = await invoke(resource, payload)
    if (outcome.kind === 'success') return { kind: 'success', payload: outcome.payload, requestId: outcome.requestId }
    return { kind: 'functionError', errorType: outcome.error.errorType, cause: JSON.stringify(outcome.error) }
  }

  const engine = openStepFunctions({ journalPath, clock, region, accountId, invokeFunction, authorize })
  for (const machine of stateMachines) await deploy(engine, machine)
  return { ...engine, stateMachineOfToken: (taskToken: string) => machines.get(readToken(taskToken)?.execution ?? -1) }
}

/** The executions whose task tokens a function is handed. */
function executionsIn(payload: unknown): number[] {
  const texts = Object.values(payload ?? {}).filter((value) => typeof value === 'string')
  return texts.flatMap((text) => readToken(text)?.execution ?? [])
}

function machineOf(executionArn: string): string {
  return executionArn.replace(/:execution:([^:]+):.*$/, ':stateMachine:$1')
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
