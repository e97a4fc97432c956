import type { Clock } from '../clock.ts'
import type { Invoke } from '../functions/invocation.ts'
import type { ApiAuthorizer, ApiResource, ApiRoute, FunctionPermission } from '../template/deployment.ts'
import { type Answer, answerOf, gatewayAnswer, integrationFailed } from './answer.ts'
import type { Authorize } from './authorizer.ts'
import { jwtAuthorizer, type KnownIssuer } from './jwt-authorizer.ts'
import { lambdaAuthorizer } from './lambda-authorizer.ts'
import { isRoutePermitted, routeArn } from './permission.ts'
import { type ApiRequest, eventBody, requestEvent, splitTarget } from './request.ts'
import { routeFinder } from './routes.ts'

/** What an HTTP API needs of its surroundings. */
export interface HttpApiOptions {
  readonly api: ApiResource
  readonly permissions: readonly FunctionPermission[]
  readonly clock: Clock
  readonly invoke: Invoke
  readonly issuer: KnownIssuer
}

/** Answers requests by the routes, authorizers and permissions that the template gives an API. */
export type HttpApi = (request: ApiRequest) => Promise<Answer>

/** The HTTP API of the template, in front of the functions that `invoke` reaches. */
export function httpApi({ api, permissions, clock, invoke, issuer }: HttpApiOptions): HttpApi {
  const now = () => clock.now()
  const authorizers = new Map<string, Authorize>()
  const findRoute = routeFinder(api.routes.map(open))

  function open(route: ApiRoute) {
    const isPermitted = isRoutePermitted(api, route, permissions)
    return { ...route, arn: routeArn(api, route), isPermitted, authorize: route.authorizer && shared(route.authorizer) }
  }

  /** Routes with the same authorizer share what it remembers. */
  function shared(authorizer: ApiAuthorizer): Authorize {
    const key = JSON.stringify(authorizer)
    const authorize = authorizers.get(key) ?? newAuthorizer(authorizer)
    authorizers.set(key, authorize)
    return authorize
  }

  function newAuthorizer(authorizer: ApiAuthorizer): Authorize {
    return authorizer.kind === 'jwt'
      ? jwtAuthorizer(authorizer, { known: issuer, now })
      : lambdaAuthorizer(authorizer, { invoke, now })
  }

  async function answer(request: ApiRequest): Promise<Answer> {
    const match = findMatch(request)
    if (match === 'malformed') return gatewayAnswer(400, 'Bad Request')
    if (!match) return gatewayAnswer(404, 'Not Found')
    const { target: route, pathParameters } = match
    if (!route.isPermitted) return integrationFailed

    const event = requestEvent(request, { apiId: api.apiId, routeKey: route.routeKey, pathParameters, nowMs: now() })
    const verdict = await route.authorize?.(event, route.arn)
    if (verdict?.kind === 'answer') return verdict.answer
    const requestContext = { ...event.requestContext, authorizer: verdict?.authorizer }
    const outcome = await invoke(route.functionArn, { ...event, ...eventBody(request), requestContext })
    return outcome.kind === 'success' ? answerOf(outcome.payload) : integrationFailed
  }

  function findMatch({ method, target }: ApiRequest) {
    try {
      return findRoute(method, splitTarget(target)[0])
    } catch (error) {
      if (error instanceof URIError) return 'malformed'
      throw error
    }
  }

  return (request) => clock.track(inTime(answer(request)))
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const integrationTimeoutMs = 30_000

function inTime(answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => resolve(gatewayAnswer(503, 'Service Unavailable')), integrationTimeoutMs)
    answer.then(resolve, reject).finally(() => clearTimeout(late))
  })
}
