import { numberTemplate, present } from './fields.ts'
import type { Integration, TaskState } from './machine.ts'
import { isExpression, type Reader } from './reader.ts'

const integrations: Readonly<Record<string, Omit<Integration, 'resource'>>> = {
  'arn:aws:states:::lambda:invoke': { is: 'invoke', until: 'answer', givesValues: true },
  'arn:aws:states:::lambda:invoke.waitForTaskToken': { is: 'invoke', until: 'token', givesValues: true },
  'arn:aws:states:::states:startExecution': { is: 'startExecution', until: 'answer', givesValues: false },
  'arn:aws:states:::states:startExecution.sync': { is: 'startExecution', until: 'end', givesValues: false },
  'arn:aws:states:::states:startExecution.sync:2': { is: 'startExecution', until: 'end', givesValues: true },
}

const functionArn = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/

/** The fields of `Arguments` that each integration understands. */
export const argumentNames = {
  invoke: ['FunctionName', 'Payload', 'Qualifier', 'InvocationType'],
  startExecution: ['StateMachineArn', 'Input', 'Name'],
} as const

/** Reads what is a Task's alone. */
export function readTask(
  reader: Reader,
): Pick<TaskState, 'integration' | 'arguments' | 'timeoutSeconds' | 'heartbeatSeconds'> {
  reader.require('Resource')
  const integration = integrationOf(reader.text('Resource') ?? '')
  if (!integration) {
    const known = `${Object.keys(integrations).join(', ')} or the ARN of a Lambda function`
    reader.problem(`Resource '${reader.text('Resource')}' is not supported; expected ${known}`, 'Resource')
  }
  checkCredentials(reader)
  if (integration && integration.is !== 'function') checkArguments(reader, argumentNames[integration.is])
  const seconds = { min: 1, max: 99_999_999 }
  const [timeout, heartbeat] = [reader.value('TimeoutSeconds'), reader.value('HeartbeatSeconds')]
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    reader.problem(`HeartbeatSeconds ${heartbeat} must be less than TimeoutSeconds ${timeout}`, 'HeartbeatSeconds')
  }
  return {
    integration: integration ?? { resource: '', is: 'function', until: 'answer', givesValues: true },
    ...present('arguments', reader.template('Arguments')),
    ...present('timeoutSeconds', numberTemplate(reader, 'TimeoutSeconds', seconds)),
    ...present('heartbeatSeconds', numberTemplate(reader, 'HeartbeatSeconds', seconds)),
  }
}

function integrationOf(resource: string): Integration | undefined {
  const known = Object.hasOwn(integrations, resource) ? integrations[resource] : undefined
  if (known) return { resource, ...known }
  return functionArn.test(resource) ? { resource, is: 'function', until: 'answer', givesValues: true } : undefined
}

function checkCredentials(reader: Reader): void {
  const credentials = reader.object('Credentials')
  if (!credentials) return
  credentials.require('RoleArn')
  if (credentials.has('RoleArn')) reader.problem(`Field 'Credentials' is not supported`)
}

function checkArguments(reader: Reader, names: readonly string[]): void {
  if (!reader.has('Arguments') || isExpression(reader.value('Arguments'))) return
  const parts = reader.object('Arguments')
  parts?.allowOnly(names)
  const type = parts?.value('InvocationType') ?? 'RequestResponse'
  if (type !== 'RequestResponse') {
    parts?.problem(`InvocationType ${JSON.stringify(type)} is not supported; expected "RequestResponse"`)
  }
  const required = names[0]
  if (required !== undefined) parts?.require(required)
}
