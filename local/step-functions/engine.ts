import type { Clock } from '../clock.ts'
import { executionOperations, startExecution } from './api/executions.ts'
import { historyOperations } from './api/history.ts'
import { type Request, requestOf } from './api/request.ts'
import { findMachine, stateMachineOperations } from './api/state-machines.ts'
import { taskTokenOperations } from './api/task-tokens.ts'
import { arnsOf, checkName, nameIn } from './arns.ts'
import type { Machine } from './definition/machine.ts'
import { StepFunctionsError } from './errors.ts'
import { type Loop, startLoop } from './runner/loop.ts'
import { nestedExecutions } from './runner/nested-executions.ts'
import { performer } from './runner/performer.ts'
import { readToken } from './runner/token.ts'
import { openDatabase } from './store/database.ts'
import { executionStore } from './store/execution-store.ts'
import { factLog } from './store/fact-log.ts'
import { machineStore } from './store/machine-store.ts'

/** A call of a Lambda function that a Task state makes. */
export interface FunctionCall {
  /** Name or ARN, as the state machine gives it. */
  readonly functionName: string
  readonly payload: unknown
  readonly qualifier?: string
  /** The state machine's role. */
  readonly roleArn: string
  readonly executionArn: string
}

/** What came of a call: the function's own answer or error, or the refusal of the service. */
export type FunctionAnswer =
  | {
      readonly kind: 'success'
      readonly payload: unknown
      readonly executedVersion?: string
      readonly requestId?: string
    }
  /** `cause` is the text of the function's error, a JSON object. */
  | { readonly kind: 'functionError'; readonly errorType: string; readonly cause: string }
  /** `error` is such as `Lambda.ResourceNotFoundException`. */
  | { readonly kind: 'serviceError'; readonly error: string; readonly cause: string }

export interface StepFunctionsOptions {
  /** A file, or `:memory:`. */
  readonly journalPath: string
  readonly clock: Clock
  readonly region: string
  readonly accountId: string
  invokeFunction(call: FunctionCall): Promise<FunctionAnswer>
  /** Whether a machine's role may do what an integration is about to do; absent: everything is allowed. */
  authorize?(request: AuthorizationRequest): { isAllowed: boolean; message: string }
}

export interface AuthorizationRequest {
  readonly roleArn: string
  readonly action: string
  readonly resource: string
}

export interface StepFunctions {
  /** Answers one operation of the API; rejects with a StepFunctionsError where AWS answers with an error. */
  call(operation: string, input: unknown): Promise<unknown>
  /** The ARN of the state machine whose open execution handed out the token; undefined where there is none. */
  stateMachineOfToken(taskToken: string): string | undefined
  /** Takes up every open execution of the journal; call it once functions may be invoked. */
  resume(): void
  /** Makes everything durable and lets go of the journal; open executions go on after the next `resume`. */
  close(): Promise<void>
}

/** A Step Functions engine on the journal at `options.journalPath`. */
export function openStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const { clock, region, accountId } = options
  const database = openDatabase(options.journalPath)
  const stores = { machines: machineStore(database), executions: executionStore(database), log: factLog(database) }
  const { machines, executions } = stores
  const arns = arnsOf(region, accountId)
  const now = () => clock.now()
  const nested = nestedExecutions({
    executions,
    loop: () => loop,
    authorize: options.authorize?.bind(options),
    startExecution({ stateMachineArn, name, ...request }) {
      const machine = findMachine(machines, requestOf({ stateMachineArn }))
      return startExecution(shared, machine, { name: checkName(name), ...request })
    },
  })
  const perform = performer({ clock, nested, invokeFunction: (call) => options.invokeFunction(call) })
  const loop: Loop = startLoop({ clock, database, ...stores, perform })
  const shared = { ...stores, loop, arns, now, region }
  const operations: Readonly<Record<string, (request: Request) => unknown>> = {
    ...stateMachineOperations({ machines, arns, now, checkRole: roleCheck(options) }),
    ...executionOperations(shared),
    ...historyOperations(shared),
    ...taskTokenOperations({ loop }),
  }

  return {
    async call(operation, input) {
      const answer = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (!answer)
        throw new StepFunctionsError('UnknownOperationException', `Operation '${operation}' is not supported`)
      const result = await answer(requestOf(input))
      await loop.committed()
      return result
    },
    stateMachineOfToken(taskToken) {
      const content = readToken(taskToken)
      return content && loop.find(content.execution)?.identity.stateMachineArn
    },
    resume() {
      for (const { number, arn, name, machineArn, revision } of executions.open()) {
        const identity = { executionArn: arn, executionName: name, stateMachineArn: machineArn }
        loop.resume(number, { ...identity, stateMachineName: nameIn(machineArn) }, machines.machineOf(revision))
      }
      nested.stopOrphans()
    },
    async close() {
      loop.close()
      database.close()
    },
  }
}

/** What the role of a machine needs when it is created: `.sync` tasks learn of the end of executions by a managed rule. */
function roleCheck(options: StepFunctionsOptions) {
  const { region, accountId } = options
  const resource = `arn:aws:events:${region}:${accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`
  return (roleArn: string, { states }: Machine) => {
    const awaitsEnd = [...states.values()].some((state) => state.type === 'Task' && state.integration.until === 'end')
    if (!awaitsEnd) return
    for (const action of ['events:PutTargets', 'events:PutRule', 'events:DescribeRule']) {
      if (options.authorize?.({ roleArn, action, resource }).isAllowed === false) {
        throw new StepFunctionsError('AccessDeniedException', `'${roleArn}' is not authorized to create managed-rule.`)
      }
    }
  }
}
