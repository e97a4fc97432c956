import { mkdirSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { startClock } from '../../../local/clock.ts'
import type { Invoke } from '../../../local/functions/invocation.ts'
import { httpApi } from '../../../local/http-api/http-api.ts'
import { type HttpServer, serve } from '../../../local/http-api/serve.ts'
import { openOidcIssuer } from '../../../local/oidc.ts'
import { readDeployment } from '../../../local/template/read-deployment.ts'
import { toyApp, writeAssembly } from '../fixtures/toy-assembly.ts'
import { newDataDir } from '../fixtures/toy-runtime.ts'

const servers: HttpServer[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** The toy app's API in front of functions that answer what `invoke` says; returns where it listens. */
async function served(invoke: Invoke, app = toyApp()): Promise<string> {
  const dataDir = newDataDir()
  mkdirSync(dataDir)
  const clock = startClock({ kind: 'real' })
  const issuer = await openOidcIssuer(dataDir, clock)
  const { apis, permissions } = readDeployment(writeAssembly(app), { OidcIssuer: issuer.issuer })
  const [api] = apis
  if (!api) throw new Error('The toy app has no API')
  const server = await serve(httpApi({ api, permissions, clock, invoke, issuer }), 0, () => {})
  servers.push(server)
  return server.endpoint
}

const succeed: Invoke = async (_, event) => ({ kind: 'success', payload: event, requestId: 'r1' })

test('hands the function what was sent', async () => {
  const endpoint = await served(succeed)

  const answer = await fetch(`${endpoint}/healthz?a=1`, { headers: { 'X-Tag': 'b' } })
  expect(await answer.json()).toMatchObject({
    routeKey: 'GET /healthz',
    rawQueryString: 'a=1',
    headers: { 'x-tag': 'b' },
    isBase64Encoded: false,
  })
})

test('answers as API Gateway does where the function fails', async () => {
  const error = { errorType: 'Error', errorMessage: 'secret detail', trace: [] }
  const endpoint = await served(async () => ({ kind: 'functionError', error, requestId: 'r1' }))

  const answer = await fetch(`${endpoint}/healthz`)
  expect({ status: answer.status, body: await answer.text() }).toEqual({
    status: 500,
    body: '{"message":"Internal Server Error"}',
  })
})

test('answers with an internal error where invoking the function throws', async () => {
  const endpoint = await served(() => Promise.reject(new Error('no such function')))

  expect((await fetch(`${endpoint}/healthz`)).status).toBe(500)
})

test.each([
  ['no route', '/v1/elsewhere', 404, '{"message":"Not Found"}'],
  ['a path that is not well encoded', '/v1/notes/%E0%A4%A', 400, '{"message":"Bad Request"}'],
])('answers to %s', async (_, path, status, body) => {
  const endpoint = await served(succeed)

  const answer = await fetch(endpoint + path)
  expect({ status: answer.status, body: await answer.text() }).toEqual({ status, body })
})

test('refuses a body that is too long', async () => {
  const endpoint = await served(succeed)

  const answer = await fetch(`${endpoint}/healthz`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })
  expect(answer.status).toBe(413)
})

test('does not invoke a function that API Gateway has no permission for', async () => {
  const app = toyApp()
  delete app.app.HealthPermission
  const endpoint = await served(succeed, app)

  expect((await fetch(`${endpoint}/healthz`)).status).toBe(500)
})

test('says which port is taken', async () => {
  const endpoint = await served(succeed)
  const port = Number(new URL(endpoint).port)

  await expect(
    serve(
      async () => ({ status: 200, headers: {}, body: '' }),
      port,
      () => {},
    ),
  ).rejects.toThrow(`Port ${port} is taken; choose another one with --port`)
})
