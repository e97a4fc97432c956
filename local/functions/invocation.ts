/** What became of one invocation of a function, as Lambda reports it. */
export type Outcome =
  | { readonly kind: 'success'; readonly payload: unknown; readonly requestId: string }
  | { readonly kind: 'functionError'; readonly error: FunctionError; readonly requestId: string }

/** The payload that Lambda answers with where a function fails. */
export interface FunctionError {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** Invokes the function of that ARN and waits for its answer; throws `NoSuchFunctionError` where there is none. */
export type Invoke = (functionArn: string, event: unknown) => Promise<Outcome>
