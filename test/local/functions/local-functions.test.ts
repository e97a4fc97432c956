import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SFNClient } from '@aws-sdk/client-sfn'
import { expect, test } from '@jest/globals'
import { startClock } from '../../../local/clock.ts'
import { localFunctions } from '../../../local/functions/local-functions.ts'
import type { FunctionResource } from '../../../local/template/deployment.ts'

const region = 'us-east-1'
const sources = join(import.meta.dirname, '../fixtures/functions')

function functionsWith(entry: string, { mayLog = true, timeoutSeconds = 5 } = {}) {
  const lines: object[] = []
  const resource: FunctionResource = {
    logicalId: 'F',
    name: 'F',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:F',
    entry,
    timeoutSeconds,
    environment: {},
    roleArn: 'arn:role',
    logGroupArn: 'arn:logs',
  }
  const functions = localFunctions({
    functions: [resource],
    sources,
    clock: startClock({ kind: 'skip-idle' }, 0),
    log: { write: (line) => void lines.push(line), problem() {}, close: async () => {} },
    clientsOf: () => ({
      dynamodb: new DynamoDBClient({ region }),
      kms: new KMSClient({ region }),
      stepFunctions: new SFNClient({ region }),
    }),
    mayLog: () => mayLog,
  })
  return { ...functions, lines, arn: resource.arn }
}

test('answers with what the function returns, as JSON carries it', async () => {
  const { invoke, arn } = functionsWith('tasks/echo')

  const event = { text: 'hi', nothing: undefined, at: new Date(0) }
  expect(await invoke(arn, event)).toMatchObject({
    kind: 'success',
    payload: { text: 'hi', at: '1970-01-01T00:00:00.000Z' },
  })
  expect(await invoke(`${arn}:$LATEST`, null)).toMatchObject({ kind: 'success', payload: null })
})

test('answers with the name and message of the error that a function throws, and logs it', async () => {
  const { invoke, arn, lines } = functionsWith('tasks/fail')

  const error = { errorType: 'UnavailableError', errorMessage: 'not now', trace: [] }
  expect(await invoke(arn, {})).toMatchObject({ kind: 'functionError', error })
  expect(lines).toEqual([expect.objectContaining({ level: 'error', function: 'tasks/fail', ...error })])
})

test('drops the log lines of a function whose role may not write them', async () => {
  const { invoke, arn, lines } = functionsWith('tasks/fail', { mayLog: false })

  await invoke(arn, {})
  expect(lines).toEqual([])
})

test('ends a function that takes longer than its timeout', async () => {
  const { invoke, arn } = functionsWith('tasks/hang', { timeoutSeconds: 0.01 })

  expect(await invoke(arn, {})).toMatchObject({
    kind: 'functionError',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 0.01 seconds'),
    },
  })
})

test('refuses a function whose source file is missing', async () => {
  const { preload } = functionsWith('tasks/none')

  await expect(preload()).rejects.toThrow("The template names the function 'tasks/none', but there is no")
})

test('refuses to invoke a function that the template does not have', async () => {
  const { invoke } = functionsWith('tasks/echo')

  await expect(invoke('arn:aws:lambda:us-east-1:000000000000:function:G', {})).rejects.toThrow('has the ARN')
})
