import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { resources, synthesized } from './synthesized.ts'

const { app } = synthesized()
const route = z.object({ Properties: z.object({ RouteKey: z.string(), AuthorizationType: z.string() }) })
const routes = Object.values(resources(app, 'AWS::ApiGatewayV2::Route', route)).map(({ Properties }) => Properties)

const routesFor = (authorization: string) =>
  routes
    .filter(({ AuthorizationType }) => AuthorizationType === authorization)
    .map(({ RouteKey }) => RouteKey)
    .sort()

test('anyone may read the documents and try to enrol', () => {
  expect(routesFor('NONE')).toMatchInlineSnapshot(`
[
  "GET /healthz",
  "GET /openapi.json",
  "POST /v1/device/enrolments",
]
`)
})

test('a device may check in with its credential', () => {
  expect(routesFor('CUSTOM')).toMatchInlineSnapshot(`
[
  "POST /v1/device/check-ins",
]
`)
})

test('all else takes the token of an operator', () => {
  expect(routesFor('JWT')).toMatchInlineSnapshot(`
[
  "DELETE /v1/groups/{groupId}",
  "DELETE /v1/groups/{groupId}/members/{deviceId}",
  "DELETE /v1/policies/{policyId}",
  "GET /v1/devices",
  "GET /v1/devices/{deviceId}",
  "GET /v1/executions",
  "GET /v1/executions/{executionId}",
  "GET /v1/executions/{executionId}/history",
  "GET /v1/groups",
  "GET /v1/groups/{groupId}",
  "GET /v1/groups/{groupId}/members",
  "GET /v1/overview",
  "GET /v1/packages",
  "GET /v1/packages/{packageId}",
  "GET /v1/policies",
  "GET /v1/policies/{policyId}",
  "GET /v1/policies/{policyId}/assignments",
  "GET /v1/policies/{policyId}/statusSummary",
  "GET /v1/rotations",
  "GET /v1/rotations/{rotationId}",
  "GET /v1/rotations/{rotationId}/actions",
  "GET /v1/rotations/{rotationId}/decisions",
  "GET /v1/rotations/{rotationId}/waves",
  "PATCH /v1/policies/{policyId}",
  "POST /v1/enrolmentTokens",
  "POST /v1/groups",
  "POST /v1/groups/{groupId}/members",
  "POST /v1/packages",
  "POST /v1/policies",
  "POST /v1/rotations",
  "POST /v1/rotations/{rotationId}/actions",
  "PUT /v1/policies/{policyId}/assignments",
]
`)
})

test('tokens are those of the issuer and audience that the deployment names', () => {
  app.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'JWT',
    JwtConfiguration: { Issuer: { Ref: 'OidcIssuer' }, Audience: [{ Ref: 'OidcAudience' }] },
  })
})

test('the answer to a credential of a device holds for five minutes', () => {
  app.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'REQUEST',
    AuthorizerPayloadFormatVersion: '2.0',
    AuthorizerResultTtlInSeconds: 300,
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
  })
})
