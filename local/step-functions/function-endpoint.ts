import type { FunctionAnswer, FunctionCall } from './engine.ts'
import { isObject, type Json, parseJson } from './json.ts'

/** Calls functions over the Lambda Invoke API at `endpoint`. */
export function functionEndpoint(endpoint: string): (call: FunctionCall) => Promise<FunctionAnswer> {
  return async ({ functionName, payload, qualifier }) => {
    const query = qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(qualifier)}`
    const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations${query}`
    try {
      const response = await fetch(new URL(path, endpoint), { method: 'POST', body: JSON.stringify(payload) })
      return toAnswer(response.status, response.headers, await response.text())
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return {
        kind: 'serviceError',
        error: 'Lambda.SdkClientException',
        cause: `Unable to reach ${endpoint}: ${reason}`,
      }
    }
  }
}

function toAnswer(status: number, headers: Headers, text: string): FunctionAnswer {
  const body = parseJson(text)
  const requestId = headers.get('x-amzn-requestid') ?? ''
  if (status >= 300) return serviceError(status, headers, body, requestId)
  if (headers.has('x-amz-function-error')) return { kind: 'functionError', errorType: errorTypeIn(body), cause: text }
  const executedVersion = headers.get('x-amz-executed-version') ?? '$LATEST'
  return { kind: 'success', payload: body ?? text, executedVersion, requestId }
}

function serviceError(status: number, headers: Headers, body: Json | undefined, requestId: string): FunctionAnswer {
  const code = headers.get('x-amzn-errortype')?.split(':')[0] ?? 'AWSLambdaException'
  const { Message, message } = isObject(body) ? body : {}
  const said = [Message, message].find((text) => typeof text === 'string') ?? `Status ${status}`
  const cause = `${said} (Service: Lambda, Status Code: ${status}, Request ID: ${requestId})`
  return { kind: 'serviceError', error: `Lambda.${code}`, cause }
}

function errorTypeIn(body: Json | undefined): string {
  return isObject(body) && typeof body.errorType === 'string' ? body.errorType : 'Lambda.Unknown'
}
