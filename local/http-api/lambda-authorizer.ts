import { z } from 'zod'
import type { Invoke } from '../functions/invocation.ts'
import type { ApiAuthorizer } from '../template/deployment.ts'
import { gatewayAnswer, integrationFailed } from './answer.ts'
import type { Authorize, Verdict } from './authorizer.ts'
import type { RequestEvent } from './request.ts'

/**
 * An authorizer that asks a function, and remembers what it said of the same identity for as long as the template
 * says.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function lambdaAuthorizer(
  { functionArn, identitySources, resultTtlSeconds }: Extract<ApiAuthorizer, { kind: 'lambda' }>,
  { invoke, now }: { invoke: Invoke; now: () => number },
): Authorize {
  const remembered = new Map<string, { verdict: Verdict; untilMs: number }>()

  async function ask(event: RequestEvent, identity: { routeArn: string; identitySource: readonly string[] }) {
    const outcome = await invoke(functionArn, { ...event, type: 'REQUEST', ...identity })
    const response = simpleResponse.safeParse(outcome.kind === 'success' ? outcome.payload : undefined)
    if (!response.success) return { verdict: answered(integrationFailed), isLasting: false }
    const { isAuthorized, context } = response.data
    const verdict: Verdict = isAuthorized ? { kind: 'pass', authorizer: { lambda: context } } : forbidden
    return { verdict, isLasting: true }
  }

  return async (event, routeArn) => {
    const identitySource = identitySources.map((source) => identityValue(source, event))
    if (!identitySource.every((value) => value !== undefined)) return unauthorized
    const key = JSON.stringify(identitySource)
    const earlier = remembered.get(key)
    if (earlier && earlier.untilMs > now()) return earlier.verdict
    const { verdict, isLasting } = await ask(event, { routeArn, identitySource })
    if (remembered.size >= 100_000) remembered.clear()
    if (isLasting && resultTtlSeconds > 0) remembered.set(key, { verdict, untilMs: now() + resultTtlSeconds * 1000 })
    return verdict
  }
}

const simpleResponse = z.object({
  isAuthorized: z.boolean(),
  context: z.record(z.string(), z.unknown()).nullable().default(null),
})

const forbidden = answered(gatewayAnswer(403, 'Forbidden'))
const unauthorized = answered(gatewayAnswer(401, 'Unauthorized'))

function answered(answer: ReturnType<typeof gatewayAnswer>): Verdict {
  return { kind: 'answer', answer }
}

/** What `$request.header.Authorization` or `$request.querystring.key` holds; undefined where it is missing or empty. */
function identityValue(source: string, { headers, queryStringParameters }: RequestEvent): string | undefined {
  const [, place, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? []
  const value = place === 'header' ? headers[name.toLowerCase()] : queryStringParameters?.[name]
  return value || undefined
}
