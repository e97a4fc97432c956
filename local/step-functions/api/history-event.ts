import type { Fact, Outcome } from '../core/fact.ts'
import type { Json, JsonObject } from '../json.ts'
import { seconds } from './request.ts'

/** An event of an execution's history, as the API gives it. */
export interface HistoryEvent {
  readonly timestamp: number
  readonly type: string
  readonly id: number
  readonly previousEventId: number
  readonly [details: `${string}EventDetails`]: object
}

type Details = Readonly<Record<string, unknown>>

/** The event that shows `fact`; without `includesData` it leaves payloads out. */
export function historyOf(fact: Fact, region: string, includesData: boolean): HistoryEvent {
  const [type, details, key = type] = describe(fact, region)
  const base = { timestamp: seconds(fact.atMs), type, id: fact.id, previousEventId: fact.previousId }
  if (!details) return base
  const name = `${key.charAt(0).toLowerCase()}${key.slice(1)}EventDetails` as const
  return { ...base, [name]: includesData ? details : withoutData(details) }
}

/** The type of the event, its details, and the name of those where it differs from the type. */
type Description = readonly [type: string, details?: Details, key?: string]

function describe(fact: Fact, region: string): Description {
  switch (fact.type) {
    case 'started':
      return ['ExecutionStarted', { ...payload('input', fact.input), roleArn: fact.roleArn }]
    case 'entered':
      return [`${fact.stateType}StateEntered`, { name: fact.state, ...payload('input', fact.input) }, 'StateEntered']
    case 'exited':
      return [`${fact.stateType}StateExited`, exitDetails(fact), 'StateExited']
    case 'evaluationFailed': {
      const { state, error, cause, location } = fact
      return ['EvaluationFailed', { error, cause, ...(location !== undefined && { location }), state }]
    }
    case 'taskAborted':
      return ['TaskStateAborted']
    case 'branched':
      return ['ParallelStateStarted']
    case 'mapped':
      return ['MapStateStarted', { length: fact.inputs.length }]
    case 'iterationStarted':
    case 'iterationSucceeded':
    case 'iterationFailed':
    case 'iterationAborted':
      return [`Map${capitalized(fact.type)}`, { name: fact.state, index: fact.index }]
    case 'joined':
      return [`${fact.stateType}StateSucceeded`]
    case 'joinFailed':
      return [`${fact.stateType}StateFailed`]
    case 'ended':
      return describeEnd(fact)
    default:
      return 'resource' in fact ? describeTask(fact, region) : [fact.type]
  }
}

function exitDetails({ state, output, assigned }: Fact & { type: 'exited' }): Details {
  const details = { name: state, ...payload('output', output) }
  if (!assigned) return details
  const texts = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)])
  return { ...details, assignedVariables: Object.fromEntries(texts), assignedVariablesDetails: { truncated: false } }
}

type TaskFact = Extract<Fact, { readonly resource: string }>

function describeTask(fact: TaskFact, region: string): Description {
  const service = /^arn:aws:states:::(\w+):(.+)$/.exec(fact.resource)
  if (!service) return describeFunction(fact)
  const common = { resourceType: service[1], resource: service[2] }
  switch (fact.type) {
    case 'scheduled':
      return ['TaskScheduled', { ...common, region, parameters: JSON.stringify(fact.parameters), ...limits(fact) }]
    case 'begun':
      return ['TaskStarted', common]
    case 'submitted':
      return ['TaskSubmitted', { ...common, ...payload('output', fact.output) }]
    case 'succeeded':
      return ['TaskSucceeded', { ...common, ...payload('output', fact.output) }]
    case 'failed':
      return ['TaskFailed', { ...common, ...failure(fact) }]
    case 'timedOut':
      return ['TaskTimedOut', { ...common, error: fact.error }]
  }
}

function describeFunction(fact: TaskFact): Description {
  switch (fact.type) {
    case 'scheduled': {
      const { resource, parameters, timeoutSeconds } = fact
      const timeout = timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }
      return ['LambdaFunctionScheduled', { resource, ...payload('input', parameters), ...timeout }]
    }
    case 'succeeded':
      return ['LambdaFunctionSucceeded', payload('output', fact.output)]
    case 'failed':
      return ['LambdaFunctionFailed', failure(fact)]
    case 'timedOut':
      return ['LambdaFunctionTimedOut', { error: fact.error }]
    default:
      return ['LambdaFunctionStarted']
  }
}

function limits({ timeoutSeconds, heartbeatSeconds }: TaskFact & { type: 'scheduled' }): Details {
  return {
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
  }
}

function describeEnd(outcome: Outcome): Description {
  switch (outcome.status) {
    case 'SUCCEEDED':
      return ['ExecutionSucceeded', payload('output', outcome.output)]
    case 'FAILED':
      return ['ExecutionFailed', failure(outcome)]
    case 'TIMED_OUT':
      return ['ExecutionTimedOut', failure(outcome)]
    case 'ABORTED':
      return ['ExecutionAborted', failure(outcome)]
  }
}

function failure({
  error,
  cause,
}: {
  readonly error?: string | undefined
  readonly cause?: string | undefined
}): Details {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) }
}

function payload(name: 'input' | 'output', value: Json): JsonObject {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } }
}

const dataFields = [
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'parameters',
  'assignedVariables',
  'assignedVariablesDetails',
]

function withoutData(details: Details): Details {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !dataFields.includes(name)))
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
