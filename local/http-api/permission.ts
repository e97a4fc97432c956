import type { ApiResource, ApiRoute, FunctionPermission } from '../template/deployment.ts'
import { localArn } from '../template/environment.ts'

/** What API Gateway names itself when it invokes the function of a route. */
export function routeArn({ apiId }: ApiResource, { routeKey }: ApiRoute): string {
  return localArn('execute-api', `${apiId}/$default/${routeKey.replace(' ', '')}`)
}

/** Whether the template's permissions let API Gateway invoke the route's function, and its authorizer's. */
export function isRoutePermitted(api: ApiResource, route: ApiRoute, all: readonly FunctionPermission[]): boolean {
  const { authorizer, functionArn } = route
  if (!permits(all, functionArn, routeArn(api, route))) return false
  if (authorizer?.kind !== 'lambda') return true
  const authorizerArn = localArn('execute-api', `${api.apiId}/authorizers/${authorizer.authorizerId}`)
  return permits(all, authorizer.functionArn, authorizerArn)
}

function permits(all: readonly FunctionPermission[], functionArn: string, sourceArn: string): boolean {
  return all.some(
    (one) =>
      one.functionArn === functionArn &&
      one.principal === 'apigateway.amazonaws.com' &&
      (one.sourceArn === undefined || isLike(sourceArn, one.sourceArn)),
  )
}

/** Whether the ARN matches a pattern in which `*` stands for anything. */
function isLike(arn: string, pattern: string): boolean {
  const literals = pattern.split('*').map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${literals.join('.*')}$`).test(arn)
}
