import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SFNClient } from '@aws-sdk/client-sfn'
import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { handler as documents } from '../../functions/api/documents.ts'
import { createApp } from '../../functions/app.ts'
import { resources, synthesized } from '../infra/synthesized.ts'

const route = z.object({ Properties: z.object({ RouteKey: z.string() }) })
const document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) }))),
})

test('the document describes exactly the routes that are deployed', async () => {
  const { paths } = document.parse(JSON.parse(await theDocument()))
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )

  const deployed = Object.values(resources(synthesized().app, 'AWS::ApiGatewayV2::Route', route))
  const deployedKeys = deployed.map(({ Properties }) => Properties.RouteKey)
  expect([...described, 'GET /openapi.json'].sort()).toEqual(deployedKeys.sort())
})

test('every route says what it answers with, and that it may answer with a problem', async () => {
  const { paths } = document.parse(JSON.parse(await theDocument()))

  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    expect(Object.keys(operation.responses)).toEqual([expect.stringMatching(/^2\d\d$/), 'default'])
  }
})

async function theDocument(): Promise<string> {
  const clients = {
    dynamodb: new DynamoDBClient({ region: 'eu-west-1' }),
    kms: new KMSClient({ region: 'eu-west-1' }),
    stepFunctions: new SFNClient({ region: 'eu-west-1' }),
  }
  const app = createApp({}, { now: Date.now, log: () => {}, ...clients })
  const http = { method: 'GET', path: '/openapi.json', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' }
  const requestContext = {
    accountId: '123456789012',
    apiId: 'api',
    domainName: 'localhost',
    domainPrefix: 'api',
    http,
    requestId: 'request',
    routeKey: 'GET /openapi.json',
    stage: '$default',
    time: '',
    timeEpoch: 0,
  }
  const event = { version: '2.0', routeKey: 'GET /openapi.json', rawPath: '/openapi.json', rawQueryString: '' }
  const answer = await documents.run({ ...event, headers: {}, requestContext, isBase64Encoded: false }, app)
  return answer.body ?? ''
}
