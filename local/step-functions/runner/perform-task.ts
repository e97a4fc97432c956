import type { RunningTask } from '../core/execution.ts'
import type { TaskAnswer } from '../core/input.ts'
import type { FunctionAnswer, FunctionCall } from '../engine.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'

const ok = { HttpStatusCode: 200, HttpHeaders: {}, AllHttpHeaders: {} }

/** The call of a function that a task makes. */
export function functionCallOf(
  { resource, parameters }: RunningTask,
  roleArn: string,
  executionArn: string,
): FunctionCall {
  if (!resource.startsWith('arn:aws:states:::'))
    return { functionName: resource, payload: parameters, roleArn, executionArn }
  const { FunctionName, Payload, Qualifier } = isObject(parameters) ? parameters : {}
  return {
    functionName: typeof FunctionName === 'string' ? FunctionName : '',
    payload: Payload ?? {},
    roleArn,
    executionArn,
    ...(typeof Qualifier === 'string' && { qualifier: Qualifier }),
  }
}

/** What the answer of a function means for the task that called it. */
export function taskAnswerOf({ resource }: RunningTask, answer: FunctionAnswer): TaskAnswer {
  if (answer.kind === 'functionError') return { is: 'failure', error: answer.errorType, cause: answer.cause }
  if (answer.kind === 'serviceError') return { is: 'failure', error: answer.error, cause: answer.cause }
  const payload = toJson(answer.payload)
  if (!resource.startsWith('arn:aws:states:::')) return { is: 'success', output: payload }
  const output = {
    ExecutedVersion: answer.executedVersion ?? '$LATEST',
    Payload: payload,
    SdkHttpMetadata: ok,
    SdkResponseMetadata: { RequestId: answer.requestId ?? '' },
    StatusCode: 200,
  }
  return resource.endsWith('.waitForTaskToken') ? { is: 'submitted', output } : { is: 'success', output }
}

/** The answer of a service that a task used, with the metadata that the optimised integrations add. */
export function withMetadata(output: JsonObject, requestId: string): JsonObject {
  return { ...output, SdkHttpMetadata: ok, SdkResponseMetadata: { RequestId: requestId } }
}

/** A payload as the JSON that it becomes on its way. */
function toJson(payload: unknown): Json {
  const text = JSON.stringify(payload)
  return text === undefined ? null : JSON.parse(text)
}
