import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { NotFoundError } from '../domain/errors.ts'
import { type App, deployedApp } from './app.ts'
import { once } from './once.ts'
import { problemOf } from './problem.ts'
import { jsonAnswer, type Route } from './route.ts'

type Result = APIGatewayProxyStructuredResultV2
type Chain = { app: App }

/** A Lambda function that answers routes of the API. */
export interface RoutesHandler {
  (event: APIGatewayProxyEventV2): Promise<Result>
  /** Answers with the given app. */
  run(event: APIGatewayProxyEventV2, app: App): Promise<Result>
  readonly routes: readonly Route[]
}

/** The handler of some routes: finds the one that is asked for, runs it once for each key, and words its errors. */
export function routes(...all: readonly Route[]): RoutesHandler {
  const routesByKey = new Map(all.map((each) => [each.key, each]))
  const answerProblems: middy.MiddlewareObj<APIGatewayProxyEventV2, Result, Error, Chain> = {
    onError(request) {
      request.response = answerProblem(request.error, request.event, request.context.app)
    },
  }
  const chain = middy<APIGatewayProxyEventV2, Result, Error, Chain>()
    .use(answerProblems)
    .handler(async (event, { app }) => {
      const wanted = routesByKey.get(event.routeKey)
      if (!wanted) throw new NotFoundError(`There is no '${event.routeKey}'`)
      return wanted.needsKey ? once(wanted, event, app) : jsonAnswer(await wanted.handle(event, app))
    })
  const withApp = (event: APIGatewayProxyEventV2, app: App) => chain(event, { app })
  return Object.assign((event: APIGatewayProxyEventV2) => withApp(event, deployedApp()), { run: withApp, routes: all })
}

function answerProblem(error: unknown, event: APIGatewayProxyEventV2, app: App): Result {
  const { routeKey, requestContext, pathParameters = {} } = event
  const problem = problemOf(error, { traceId: requestContext.requestId, pathParameters })
  const { status, code, traceId } = problem
  if (status >= 500) app.log.error('request failed', { routeKey, code, traceId, error: String(error) })
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...(status === 503 && { 'retry-after': '1' }) },
    body: JSON.stringify(problem),
  }
}
