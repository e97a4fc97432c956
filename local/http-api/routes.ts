import type { ApiRoute } from '../template/deployment.ts'

/** The route that takes a request, and what the path's parameters are. */
export interface RouteMatch<T> {
  readonly target: T
  readonly pathParameters: Readonly<Record<string, string>>
}

/**
 * Finds the route of a request as API Gateway does: the most specific one wins, segment by segment, a literal before a
 * `{parameter}` before a `{greedy+}` one, a method before `ANY`, and `$default` last.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function routeFinder<T extends Pick<ApiRoute, 'routeKey'>>(targets: readonly T[]) {
  const patterns = targets.map(patternOf).sort(bySpecificity)
  return (method: string, path: string): RouteMatch<T> | undefined => {
    const segments = path.split('/').slice(1)
    for (const pattern of patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue
      const pathParameters = parametersOf(pattern, segments)
      if (pathParameters) return { target: pattern.target, pathParameters }
    }
    return undefined
  }
}

interface Pattern<T> {
  readonly target: T
  readonly method: string
  readonly segments: readonly Segment[]
}

interface Segment {
  readonly kind: 'literal' | 'parameter' | 'greedy'
  readonly name: string
}

function patternOf<T extends Pick<ApiRoute, 'routeKey'>>(target: T): Pattern<T> {
  if (target.routeKey === '$default') return { target, method: 'ANY', segments: [{ kind: 'greedy', name: '' }] }
  const [, method = '', path = ''] = /^([A-Z]+) \/(\S*)$/.exec(target.routeKey) ?? []
  if (method === '') throw new Error(`Route '${target.routeKey}' is not supported; expected a method and a path`)
  return { target, method, segments: path.split('/').map(segmentOf) }
}

function segmentOf(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? []
  if (name === undefined) return { kind: 'literal', name: text }
  return { kind: plus ? 'greedy' : 'parameter', name }
}

const ranks = { literal: 0, parameter: 1, greedy: 2 } as const

function bySpecificity(a: Pattern<unknown>, b: Pattern<unknown>): number {
  for (const [at, segment] of a.segments.entries()) {
    const other = b.segments[at]
    const difference = other ? ranks[segment.kind] - ranks[other.kind] : 0
    if (difference !== 0) return difference
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY') || b.segments.length - a.segments.length
}

/** The parameters with which the pattern matches; a parameter is never empty. */
function parametersOf(pattern: Pattern<unknown>, path: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {}
  for (const [at, { kind, name }] of pattern.segments.entries()) {
    if (kind === 'greedy') {
      const rest = path.slice(at).join('/')
      if (name !== '') parameters[name] = decodeURIComponent(rest)
      return rest === '' && name !== '' ? undefined : parameters
    }
    const segment = path[at]
    if (segment === undefined || (kind === 'literal' ? segment !== name : segment === '')) return undefined
    if (kind === 'parameter') parameters[name] = decodeURIComponent(segment)
  }
  return path.length === pattern.segments.length ? parameters : undefined
}
