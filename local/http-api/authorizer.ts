import type { Answer } from './answer.ts'
import type { RequestEvent } from './request.ts'

/** Lets a request pass with what its function shall know of the caller, or answers it. */
export type Verdict =
  | { readonly kind: 'pass'; readonly authorizer: Readonly<Record<string, unknown>> }
  | { readonly kind: 'answer'; readonly answer: Answer }

/** Judges a request before it reaches its function. */
export type Authorize = (event: RequestEvent, routeArn: string) => Promise<Verdict>
