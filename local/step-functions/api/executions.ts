import { randomUUID } from 'node:crypto'
import { type Arns, checkArn, checkName, nameIn } from '../arns.ts'
import { StepFunctionsError, validationError } from '../errors.ts'
import { type Json, parseJson } from '../json.ts'
import type { Loop } from '../runner/loop.ts'
import type { ExecutionRow, ExecutionStore } from '../store/execution-store.ts'
import type { MachineRow, MachineStore } from '../store/machine-store.ts'
import { cursorIn, pageSize, pageToken, type Request, seconds } from './request.ts'
import { describeRevision, findMachine } from './state-machines.ts'

export interface ExecutionsOptions {
  readonly machines: MachineStore
  readonly executions: ExecutionStore
  readonly loop: Loop
  readonly arns: Arns
  now(): number
}

const statuses = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING']

/** The operations on executions. */
export function executionOperations(options: ExecutionsOptions) {
  const { machines, executions, loop } = options
  return {
    async StartExecution(request: Request) {
      request.allowOnly('stateMachineArn', 'name', 'input')
      const machine = findMachine(machines, request)
      const name = checkName(request.text('name') ?? randomUUID())
      const { executionArn, startedAtMs } = startExecution(options, machine, {
        name,
        input: request.text('input') ?? '{}',
      })
      await loop.committed()
      return { executionArn, startDate: seconds(startedAtMs) }
    },

    DescribeExecution(request: Request) {
      request.allowOnly('executionArn', 'includedData')
      const execution = findExecution(executions, request)
      const { status, input, output, error, cause } = execution
      return {
        ...summary(execution),
        input,
        inputDetails: { included: true },
        ...(output !== undefined && { output, outputDetails: { included: true } }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: `Execution is ${status} and cannot be redriven`,
      }
    },

    DescribeStateMachineForExecution(request: Request) {
      request.allowOnly('executionArn', 'includedData')
      const { machineArn, revision: id } = findExecution(executions, request)
      const revision = machines.revision(id)
      if (!revision) throw new Error(`Revision '${id}' is gone`)
      const updateDate = seconds(revision.updatedAtMs)
      const machine = machines.find(machineArn)
      return {
        stateMachineArn: machineArn,
        name: nameIn(machineArn),
        updateDate,
        ...describeRevision(revision, machine),
      }
    },

    ListExecutions(request: Request) {
      request.allowOnly('stateMachineArn', 'statusFilter', 'redriveFilter', 'maxResults', 'nextToken')
      const { arn: machineArn } = findMachine(machines, request)
      const status = checkStatus(request.text('statusFilter'))
      const limit = pageSize(request)
      const list = `executions ${machineArn} ${status}`
      const before = Number(cursorIn(request, list) ?? Number.MAX_SAFE_INTEGER)
      if (request.text('redriveFilter') === 'REDRIVEN') return { executions: [] }
      const page = executions.list({ machineArn, before, limit: limit + 1, ...(status !== undefined && { status }) })
      const last = page.length > limit ? page[limit - 1] : undefined
      const nextToken = last && pageToken(list, last.number)
      return { executions: page.slice(0, limit).map(summary), ...(nextToken && { nextToken }) }
    },

    async StopExecution(request: Request) {
      request.allowOnly('executionArn', 'error', 'cause')
      const execution = findExecution(executions, request)
      const [error, cause] = [request.text('error'), request.text('cause')]
      const named = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
      loop.feed(execution.number, { type: 'stop', ...named })
      await loop.committed()
      return { stopDate: seconds(executions.find(execution.arn)?.stoppedAtMs ?? options.now()) }
    },
  }
}

/** Starts an execution; one that runs under that name with that input, or was started by that task, is the same one. */
export function startExecution(
  { executions, loop, machines, arns, now }: ExecutionsOptions,
  machine: MachineRow,
  { name, input, startedBy }: Pick<ExecutionRow, 'name' | 'input' | 'startedBy'>,
): { executionArn: string; startedAtMs: number } {
  const value = parseInput(input)
  const executionArn = arns.execution(machine.name, name)
  const existing = executions.find(executionArn)
  const isSameStarter = startedBy !== undefined && existing?.startedBy?.reference === startedBy.reference
  if (existing && (isSameStarter || (existing.status === 'RUNNING' && existing.input === input))) {
    return { executionArn, startedAtMs: existing.startedAtMs }
  }
  if (existing) throw new StepFunctionsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`)
  const { arn: machineArn, revision, roleArn } = machine
  const startedAtMs = now()
  const number = executions.add({
    arn: executionArn,
    name,
    machineArn,
    revision,
    startedAtMs,
    input,
    ...(startedBy && { startedBy }),
  })
  const identity = { executionArn, executionName: name, stateMachineArn: machineArn, stateMachineName: machine.name }
  loop.begin(number, identity, machines.machineOf(revision), { type: 'start', input: value, roleArn })
  return { executionArn, startedAtMs }
}

/** The execution whose ARN is the request's `executionArn`. */
export function findExecution(executions: ExecutionStore, request: Request): ExecutionRow {
  const arn = checkArn(request.requiredText('executionArn'), 'execution')
  const execution = executions.find(arn)
  if (execution) return execution
  throw new StepFunctionsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
}

function parseInput(input: string): Json {
  const value = parseJson(input)
  if (value !== undefined && Buffer.byteLength(input) <= 262_144) return value
  throw new StepFunctionsError(
    'InvalidExecutionInput',
    `Invalid State Machine Execution Input: 'Invalid execution input.'`,
  )
}

function summary({ arn, machineArn, name, status, startedAtMs, stoppedAtMs }: ExecutionRow) {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: seconds(startedAtMs),
    ...(stoppedAtMs !== undefined && { stopDate: seconds(stoppedAtMs) }),
    redriveCount: 0,
  }
}

function checkStatus(status: string | undefined): string | undefined {
  if (status === undefined || statuses.includes(status)) return status
  const constraint = `Member must satisfy enum value set: [${statuses.join(', ')}]`
  throw validationError(`Value '${status}' at 'statusFilter' failed to satisfy constraint: ${constraint}`)
}
