import { beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { describeWithRuntime } from '../support/runtime.ts'
import { aStage, changeRequest, changes, contentsBesidesKeys, type Stage } from '../support/stage.ts'

const openapi = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const report = { method: 'POST', path: '/v1/device/check-ins', body: { sensorState: 'active' } }

describeWithRuntime('the API', (at) => {
  let stage: Stage
  let credential = ''
  beforeAll(async () => {
    stage = await aStage(at())
    credential = stage.fleet.devices[0]?.credential ?? ''
  })

  test('answers nobody but operators on the routes of operators', async () => {
    const { runtime } = at()
    const before = await contentsBesidesKeys(at())
    const expired = await runtime.issueToken({ sub: 'ada', tenant_id: stage.fleet.operator.tenantId, roles: [] }, -1)
    const forged = `${runtime.adminToken.slice(0, -8)}AAAAAAAA`
    const open = ['GET /healthz', 'GET /openapi.json']
    const routes = runtime.deployment.apis.flatMap((api) => api.routes.map(({ routeKey }) => routeKey))
    const reading = routes.filter((key) => key.startsWith('GET ') && !open.includes(key)).map((key) => key.slice(4))
    const requests = [
      ...reading.map((path) => ({ path })),
      ...Object.keys(changes).map((key) => changeRequest(stage, key)),
    ]

    for (const authorization of ['', `Device ${credential}`, `Bearer ${expired}`, `Bearer ${forged}`, 'Bearer x']) {
      for (const request of requests) {
        const { status } = await at().api(authorization).call(request)
        expect({ ...request, authorization, status }).toEqual({ ...request, authorization, status: 401 })
      }
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test('answers nobody but devices on the route of devices', async () => {
    const before = await contentsBesidesKeys(at())
    const [tenant = '', device = '', secret = ''] = credential.split('.')
    const otherTenant = Buffer.from('tenant-2').toString('base64url')
    const refused: Record<string, number> = {
      '': 401,
      [`Bearer ${at().runtime.adminToken}`]: 403,
      [`Device ${[tenant, device, `${secret.slice(0, -4)}AAAA`].join('.')}`]: 403,
      [`Device ${[otherTenant, device, secret].join('.')}`]: 403,
      [`Device ${[tenant, tenant, secret].join('.')}`]: 403,
      'Device nonsense': 403,
    }

    for (const [authorization, status] of Object.entries(refused)) {
      expect({ authorization, status: (await at().api(authorization).call(report)).status }).toEqual({
        authorization,
        status,
      })
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test('tells anybody that it is up, and what it can do', async () => {
    expect(await at().api().call({ path: '/healthz' })).toMatchObject({ status: 200, body: { status: 'ok' } })
    const { paths } = await at().api().get('/openapi.json', openapi)
    const { routes = [] } = at().runtime.deployment.apis[0] ?? {}
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )

    expect(described.sort()).toEqual(
      routes
        .map(({ routeKey }) => routeKey)
        .filter((key) => !key.includes('openapi'))
        .sort(),
    )
  })
})
