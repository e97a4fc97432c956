import { randomUUID } from 'node:crypto'
import { StateMachine } from 'aws-local-stepfunctions'
import { z } from 'zod'
import { startClock } from '../../local/clock.ts'
import { type FunctionCall, openStepFunctions } from '../../local/step-functions/engine.ts'
import { countArn, counted, type LoopMachine, loopInput, loopMachines } from './loop-machines.ts'

/** An engine that runs the loop machines. */
export interface Contender {
  readonly name: string
  /** Runs that many executions of the machine side by side to their ends; gives their outputs. */
  run(machine: LoopMachine, executions: number): Promise<unknown[]>
  close(): Promise<void>
}

const payload = z.looseObject({ count: z.number() })
const created = z.object({ stateMachineArn: z.string() })
const started = z.object({ executionArn: z.string() })
const described = z.object({ status: z.string(), output: z.string().optional() })

/** Rampart's engine with its journal at `journalPath`, used through the operations of its API. */
export async function rampartEngine(name: string, journalPath: string): Promise<Contender> {
  const onReport = new Map<string, () => void>()
  const engine = openStepFunctions({
    journalPath,
    clock: startClock({ kind: 'real' }),
    region: 'us-east-1',
    accountId: '123456789012',
    async invokeFunction({ functionName, payload: input, executionArn }: FunctionCall) {
      if (functionName === countArn) return { kind: 'success', payload: counted(payload.parse(input)) }
      onReport.get(executionArn.slice(executionArn.lastIndexOf(':') + 1))?.()
      return { kind: 'success', payload: input }
    },
  })
  const arns = new Map<string, string>()
  for (const machine of loopMachines) {
    const definition = JSON.stringify(machine.jsonata)
    const roleArn = 'arn:aws:iam::123456789012:role/bench'
    const answer = await engine.call('CreateStateMachine', { name: machine.name, roleArn, definition })
    arns.set(machine.name, created.parse(answer).stateMachineArn)
  }

  async function runOne(stateMachineArn: string): Promise<unknown> {
    const execution = randomUUID()
    const reported = new Promise<void>((resolve) => onReport.set(execution, resolve))
    const input = JSON.stringify(loopInput)
    const answer = await engine.call('StartExecution', { stateMachineArn, name: execution, input })
    await reported
    onReport.delete(execution)
    return outputOf(started.parse(answer).executionArn)
  }

  /** The end is kept right after the report. */
  async function outputOf(executionArn: string): Promise<unknown> {
    const { status, output = 'null' } = described.parse(await engine.call('DescribeExecution', { executionArn }))
    if (status === 'RUNNING') return outputOf(executionArn)
    if (status !== 'SUCCEEDED') throw new Error(`Execution '${executionArn}' ended as ${status}; expected SUCCEEDED`)
    return JSON.parse(output)
  }

  return {
    name,
    run: (machine, executions) =>
      Promise.all(Array.from({ length: executions }, () => runOne(arns.get(machine.name) ?? ''))),
    close: () => engine.close(),
  }
}

/** The engine of the package aws-local-stepfunctions, which keeps nothing. */
export function awsLocalStepFunctions(): Contender {
  const machines = new Map(loopMachines.map(({ name, jsonPath }) => [name, new StateMachine(jsonPath)]))
  const taskResourceLocalHandlers = {
    Count: (input: unknown) => counted(payload.parse(input)),
    Report: <T>(input: T) => input,
  }
  const runOne = async (machine: StateMachine | undefined): Promise<unknown> =>
    machine?.run(loopInput, { overrides: { taskResourceLocalHandlers } }).result
  return {
    name: 'aws-local-stepfunctions',
    run: ({ name }, executions) => Promise.all(Array.from({ length: executions }, () => runOne(machines.get(name)))),
    close: async () => {},
  }
}
