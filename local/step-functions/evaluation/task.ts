import type { Evaluated } from '../core/input.ts'
import type { TaskState } from '../definition/machine.ts'
import { argumentNames } from '../definition/read-task.ts'
import { EvaluationError } from '../errors.ts'
import { isObject, type Json } from '../json.ts'
import type { Scope } from '../query/scope.ts'
import { evaluateTemplate, type Steps } from '../query/template.ts'
import { evaluateCount } from './typed.ts'

/** Evaluates the limits and the arguments of a Task. */
export function* evaluateTask(scope: Scope, state: TaskState, reference: string): Steps<Evaluated> {
  const { timeoutSeconds: timeout, heartbeatSeconds: heartbeat } = state
  const timeoutSeconds = timeout && (yield* evaluateCount(timeout, scope, 'TimeoutSeconds', 1))
  const heartbeatSeconds = heartbeat && (yield* evaluateCount(heartbeat, scope, 'HeartbeatSeconds', 1))
  const parameters = state.arguments ? yield* evaluateTemplate(state.arguments, scope) : scope.states.input
  const { is } = state.integration
  if (is !== 'function') checkParameters(parameters, argumentNames[is])
  return {
    is: 'task',
    plan: {
      parameters,
      reference,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    },
  }
}

function checkParameters(parameters: Json, names: readonly string[]): void {
  const [required = ''] = names
  const reason = whyUnusable(parameters, names, required)
  if (reason === undefined) return
  const cause = `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task: [${reason}]`
  throw new EvaluationError(cause, { error: 'States.Runtime' })
}

function whyUnusable(parameters: Json, names: readonly string[], required: string): string | undefined {
  if (!isObject(parameters)) return 'The parameters must be an object'
  if (!(required in parameters)) return `The field '${required}' is required but was missing`
  if (typeof parameters[required] !== 'string') return `The value for the field '${required}' must be a STRING`
  const unknown = Object.keys(parameters).find((name) => !names.includes(name))
  return unknown === undefined ? undefined : `The field '${unknown}' is not supported by Step Functions`
}
