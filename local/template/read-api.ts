import { z } from 'zod'
import type { ApiAuthorizer, ApiResource, ApiRoute } from './deployment.ts'
import { inert, type Resource, readProperties, refusal } from './resource.ts'

/** The resources that HTTP APIs are made of. */
export interface ApiParts {
  readonly apis: readonly Resource[]
  readonly routes: readonly Resource[]
  readonly integrations: readonly Resource[]
  readonly authorizers: readonly Resource[]
  readonly stages: readonly Resource[]
}

/** The HTTP APIs that the given resources describe, each with its routes. */
export function readApis({ apis, routes, integrations, authorizers, stages }: ApiParts): ApiResource[] {
  for (const stage of stages) readProperties(stage, stageProperties)
  const functionArns = new Map(integrations.map((one) => [one.identity.ref, readIntegration(one)]))
  const authorizersById = new Map(authorizers.map((one) => [one.identity.ref, readAuthorizer(one)]))
  const readRoutes = routes.map((one) => readRoute(one, { functionArns, authorizersById }))
  return apis.map((api) => {
    readProperties(api, apiProperties)
    const { ref: apiId } = api.identity
    return {
      logicalId: api.logicalId,
      apiId,
      routes: readRoutes.filter((one) => one.apiId === apiId).map(({ route }) => route),
    }
  })
}

const apiProperties = z.strictObject({
  ProtocolType: z.literal('HTTP'),
  Name: inert,
  Description: inert,
  DisableExecuteApiEndpoint: inert,
  Tags: inert,
})

const stageProperties = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
  // One machine serves one operator: it is not throttled and keeps no access log.
  AccessLogSettings: inert,
  AutoDeploy: inert,
  DefaultRouteSettings: inert,
  Description: inert,
  RouteSettings: inert,
  Tags: inert,
})

const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  IntegrationMethod: inert,
  Description: inert,
})

function readIntegration(resource: Resource): string {
  return invokedFunction(readProperties(resource, integrationProperties).IntegrationUri)
}

/** A URI for API Gateway wraps the ARN of the function that it invokes. */
function invokedFunction(uri: string): string {
  return /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri
}

const authorizerProperties = z.discriminatedUnion('AuthorizerType', [
  z.strictObject({
    AuthorizerType: z.literal('JWT'),
    ApiId: z.string(),
    Name: inert,
    IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
    JwtConfiguration: z.strictObject({ Issuer: z.string(), Audience: z.array(z.string()) }),
  }),
  z.strictObject({
    AuthorizerType: z.literal('REQUEST'),
    ApiId: z.string(),
    Name: inert,
    IdentitySource: z.array(z.string().regex(/^\$request\.(header|querystring)\.[\w-]+$/)).min(1),
    AuthorizerUri: z.string(),
    AuthorizerPayloadFormatVersion: z.literal('2.0'),
    AuthorizerResultTtlInSeconds: z.coerce.number().default(0),
    EnableSimpleResponses: z.literal(true),
  }),
])

function readAuthorizer(resource: Resource): ApiAuthorizer {
  const properties = readProperties(resource, authorizerProperties)
  if (properties.AuthorizerType === 'JWT') {
    const { Issuer: issuer, Audience: audience } = properties.JwtConfiguration
    return { kind: 'jwt', issuer, audience }
  }
  return {
    kind: 'lambda',
    authorizerId: resource.identity.ref,
    functionArn: invokedFunction(properties.AuthorizerUri),
    identitySources: properties.IdentitySource,
    resultTtlSeconds: properties.AuthorizerResultTtlInSeconds,
  }
}

const routeProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT', 'CUSTOM']).default('NONE'),
  AuthorizerId: z.string().optional(),
  OperationName: inert,
})

interface RouteTargets {
  readonly functionArns: ReadonlyMap<string, string>
  readonly authorizersById: ReadonlyMap<string, ApiAuthorizer>
}

function readRoute(resource: Resource, targets: RouteTargets): { apiId: string; route: ApiRoute } {
  const { ApiId, RouteKey, Target, AuthorizationType, AuthorizerId } = readProperties(resource, routeProperties)
  const functionArn = targets.functionArns.get(Target.replace(/^integrations\//, ''))
  if (functionArn === undefined) throw refusal(resource, `its target '${Target}' is no integration of the app`)
  const authorizer = targets.authorizersById.get(AuthorizerId ?? '')
  if (AuthorizationType !== 'NONE' && !authorizer)
    throw refusal(resource, `its authorizer '${AuthorizerId}' is none of the app`)
  return { apiId: ApiId, route: { routeKey: RouteKey, functionArn, authorizer } }
}
