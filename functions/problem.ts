import {
  InvalidInputError,
  NotFoundError,
  RefusedError,
  StaleRevisionError,
  UnavailableError,
  type Violation,
} from '../domain/errors.ts'

/** An answer that says why there is no other: RFC 9457. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly errors: readonly Violation[]
  readonly traceId: string
}

/** A request that its headers or its shape spoil, before anything was asked of the domain. */
export class BadRequestError extends InvalidInputError {
  readonly kind: ProblemKind

  constructor(kind: ProblemKind, message: string, violations: readonly Violation[] = []) {
    super(message, violations)
    this.kind = kind
  }
}

const kinds = {
  invalid_request: { status: 400, title: 'The request is not well formed' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  refused: { status: 409, title: 'Refused as things stand' },
  stale_revision: { status: 412, title: 'Changed since it was read' },
  invalid_input: { status: 422, title: 'The input is not acceptable' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key belongs to another request' },
  precondition_required: { status: 428, title: 'A precondition is required' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available now' },
} as const

/** Every kind of problem that the API answers with; docs/problems.md is their catalogue. */
export type ProblemKind = keyof typeof kinds

/** The request that went wrong, as far as its problem says so. */
export interface ProblemRequest {
  readonly traceId: string
  readonly pathParameters: Readonly<Record<string, string | undefined>>
}

/** The problem that an error is to a caller. An error nobody foresaw says nothing of itself. */
export function problemOf(error: unknown, { traceId, pathParameters }: ProblemRequest): Problem {
  const kind = kindOf(error)
  const { status, title } = kinds[kind]
  const isKnown = error instanceof Error && kind !== 'internal'
  return {
    type: `urn:rampart:problem:${kind.replaceAll('_', '-')}`,
    title,
    status,
    detail: isKnown ? error.message : 'The request could not be carried out; the trace id finds it in the log',
    code: kind,
    errors: violationsOf(error, pathParameters),
    traceId,
  }
}

function kindOf(error: unknown): ProblemKind {
  if (error instanceof BadRequestError) return error.kind
  if (error instanceof InvalidInputError) return 'invalid_input'
  if (error instanceof NotFoundError) return 'not_found'
  if (error instanceof RefusedError) return 'refused'
  if (error instanceof StaleRevisionError) return 'stale_revision'
  if (error instanceof UnavailableError) return 'unavailable'
  return 'internal'
}

/** The parts of the request that an error is about. */
function violationsOf(error: unknown, pathParameters: ProblemRequest['pathParameters']): readonly Violation[] {
  if (error instanceof InvalidInputError) return error.violations
  if (error instanceof StaleRevisionError) return [{ pointer: '/headers/If-Match', detail: error.message }]
  if (!(error instanceof NotFoundError)) return []
  const named = Object.entries(pathParameters).filter(([, value]) => error.message.includes(`'${value}'`))
  return named.map(([name]) => ({ pointer: `/path/${name}`, detail: error.message }))
}
