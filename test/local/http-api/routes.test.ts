import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { routeFinder } from '../../../local/http-api/routes.ts'

const routes = [
  '$default',
  'GET /v1/device/{path+}',
  'ANY /v1/policies/{policyId}',
  'GET /v1/policies/{policyId}',
  'GET /v1/policies/latest',
  'GET /v1/policies/{policyId}/assignments',
  'GET /{anything+}',
].map((routeKey) => ({ routeKey }))
const find = routeFinder(routes)

test.each([
  ['a literal before a parameter', 'GET', '/v1/policies/latest', 'GET /v1/policies/latest', {}],
  ['a parameter before a greedy one', 'GET', '/v1/policies/p1', 'GET /v1/policies/{policyId}', { policyId: 'p1' }],
  ['a method before any', 'PUT', '/v1/policies/p1', 'ANY /v1/policies/{policyId}', { policyId: 'p1' }],
  [
    'the longer path where it fits',
    'GET',
    '/v1/policies/p1/assignments',
    'GET /v1/policies/{policyId}/assignments',
    { policyId: 'p1' },
  ],
  ['all that is left for a greedy parameter', 'GET', '/v1/device/a/b', 'GET /v1/device/{path+}', { path: 'a/b' }],
  ['the narrower greedy parameter', 'GET', '/v1/other', 'GET /{anything+}', { anything: 'v1/other' }],
  ['a parameter as it was meant', 'GET', '/v1/policies/a%20b', 'GET /v1/policies/{policyId}', { policyId: 'a b' }],
  ['the default where nothing else fits', 'DELETE', '/v1/elsewhere', '$default', {}],
])('takes %s', (_, method, path, routeKey, pathParameters) => {
  expect(find(method, path)).toEqual({ target: { routeKey }, pathParameters })
})

test.each([
  ['a path that ends with a slash', 'GET', '/v1/policies/'],
  ['another method', 'POST', '/v1/policies'],
  ['an empty parameter', 'GET', '/v1/policies//assignments'],
])('finds no route for %s', (_, method, path) => {
  const strict = routeFinder([
    { routeKey: 'GET /v1/policies' },
    { routeKey: 'GET /v1/policies/{policyId}/assignments' },
  ])

  expect(strict(method, path)).toBeUndefined()
})

test('does not depend on the order in which the routes are given', () => {
  const segment = fc.constantFrom('v1', 'policies', 'latest', 'p1', 'device', 'assignments')
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`)
  fc.assert(
    fc.property(fc.shuffledSubarray(routes, { minLength: routes.length }), path, (shuffled, requested) => {
      expect(routeFinder(shuffled)('GET', requested)).toEqual(find('GET', requested))
    }),
  )
})

test('refuses a route key that is no method and path', () => {
  expect(() => routeFinder([{ routeKey: 'v1/policies' }])).toThrow("Route 'v1/policies' is not supported")
})
