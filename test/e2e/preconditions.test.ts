import { beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { describeWithRuntime } from '../support/runtime.ts'
import { aStage, changeRequest, changes, contentsBesidesKeys, problemIn, type Stage } from '../support/stage.ts'

const routeKeys = Object.keys(changes)
const revised = routeKeys.filter((routeKey) => routeKey.includes('Id}'))
const keyed = [
  'POST /v1/packages',
  'POST /v1/policies',
  'POST /v1/groups',
  'POST /v1/rotations',
  'POST /v1/rotations/{rotationId}/actions',
]

describeWithRuntime('a request that changes something', (at) => {
  let stage: Stage
  let before: Record<string, unknown>
  beforeAll(async () => {
    stage = await aStage(at())
    before = await contentsBesidesKeys(at())
  })
  const send = (...request: Parameters<typeof changeRequest> extends [Stage, ...infer Rest] ? Rest : never) =>
    stage.fleet.operator.call(changeRequest(stage, ...request))

  test('has a place in these tests, whichever route it takes', () => {
    const [api] = at().runtime.deployment.apis
    const others = ['POST /v1/device/enrolments', 'POST /v1/device/check-ins']
    const routes = api?.routes.map(({ routeKey }) => routeKey).filter((key) => !key.startsWith('GET '))

    expect(routes?.sort()).toEqual([...routeKeys, ...others].sort())
  })

  test.each(revised)('must say which revision it is about: %s', async (routeKey) => {
    expect(problemIn(await send(routeKey, { 'if-match': undefined }))).toEqual({
      status: 428,
      code: 'precondition_required',
      pointers: ['/headers/If-Match'],
    })
    for (const ifMatch of ['"99"', 'anything']) {
      expect(problemIn(await send(routeKey, { 'if-match': ifMatch }))).toEqual({
        status: 412,
        code: 'stale_revision',
        pointers: ['/headers/If-Match'],
      })
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test.each(keyed)('must carry a key of its own: %s', async (routeKey) => {
    for (const key of [undefined, 'x'.repeat(201)]) {
      expect(problemIn(await send(routeKey, { 'idempotency-key': key }))).toEqual({
        status: 400,
        code: 'invalid_request',
        pointers: ['/headers/Idempotency-Key'],
      })
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test.each(routeKeys)('changes nothing where it is only to be checked: %s', async (routeKey) => {
    const request = changeRequest(stage, routeKey)
    const answer = await stage.fleet.operator.call({ ...request, path: `${request.path}?validateOnly=true` })

    expect(answer).toMatchObject({ status: 200, body: { validateOnly: true } })
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })
})

describeWithRuntime('a request that is sent again under its key', (at) => {
  test.each(keyed)('gets the same answer, and changes nothing more: %s', async (routeKey) => {
    const stage = await aStage(at())
    const { operator } = stage.fleet
    const request = changeRequest(stage, routeKey, { 'idempotency-key': 'k' })
    const first = await operator.call(request)
    const before = await contentsBesidesKeys(at())

    const again = await operator.call(request)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    for (const part of ['status', 'text', 'etag'] as const) expect(again[part]).toBe(first[part])
    expect(again.headers.get('location')).toBe(first.headers.get('location'))

    const [edited, elsewhere] = [
      { ...request, body: { name: 'Edited' } },
      { ...request, path: '/v1/groups' },
    ]
    for (const other of routeKey === 'POST /v1/groups' ? [edited] : [edited, elsewhere]) {
      expect(problemIn(await operator.call(other))).toEqual({
        status: 422,
        code: 'idempotency_key_reused',
        pointers: ['/headers/Idempotency-Key'],
      })
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test('creates one thing however many arrive at once', async () => {
    const operator = await at().newOperator()
    const request = {
      method: 'POST',
      path: '/v1/groups',
      body: { name: 'Pilots' },
      headers: { 'idempotency-key': 'k' },
    }
    const answers = await Promise.all(Array.from({ length: 8 }, () => operator.call(request)))

    for (const answer of answers) expect(answer).toMatchObject({ status: 201, body: answers[0]?.body })
    const { items } = await operator.get('/v1/groups', z.object({ items: z.array(z.unknown()) }))
    expect(items).toHaveLength(1)
  })
})
