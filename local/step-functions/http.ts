import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { StepFunctions } from './engine.ts'
import { StepFunctionsError } from './errors.ts'
import { parseJson } from './json.ts'

const contentType = 'application/x-amz-json-1.0'
const targetPrefix = 'AWSStepFunctions.'
const longestRequest = 2 ** 21

/** Answers requests in the AWS JSON 1.0 protocol with `engine`. */
export function stepFunctionsListener(engine: StepFunctions): RequestListener {
  return (request, response) => {
    const answered = answer(engine, request).then(
      (result) => send(response, 200, result),
      (error: unknown) => sendError(response, error),
    )
    answered.catch(() => response.destroy())
  }
}

async function answer(engine: StepFunctions, request: IncomingMessage): Promise<unknown> {
  const target = String(request.headers['x-amz-target'] ?? '')
  if (request.method !== 'POST' || !target.startsWith(targetPrefix)) {
    throw new StepFunctionsError('UnknownOperationException', `Target '${target}' is not supported`)
  }
  const body = await read(request)
  const input = body === '' ? {} : parseJson(body)
  if (input === undefined) throw new StepFunctionsError('SerializationException', 'The request is not valid JSON')
  return engine.call(target.slice(targetPrefix.length), input)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue
    chunks.push(chunk)
    length += chunk.length
    if (length > longestRequest) throw new StepFunctionsError('RequestEntityTooLarge', 'The request is too large', 413)
  }
  return Buffer.concat(chunks).toString()
}

function sendError(response: ServerResponse, error: unknown): void {
  const { code, message, statusCode } =
    error instanceof StepFunctionsError
      ? error
      : { code: 'InternalFailure', message: 'Internal failure', statusCode: 500 }
  response.setHeader('x-amzn-errortype', code)
  send(response, statusCode, { __type: code, message })
}

function send(response: ServerResponse, statusCode: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(statusCode, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  })
  response.end(text)
}
