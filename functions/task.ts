import middy from '@middy/core'
import type { z } from 'zod'
import { InvalidInputError } from '../domain/errors.ts'
import { type App, deployedApp } from './app.ts'
import { violationsOf } from './violations.ts'

interface Task<Input extends z.ZodType, Output> {
  readonly input: Input
  run(input: z.output<Input>, app: App): Promise<Output>
}

/** A Lambda function that is invoked with an input of one shape: by a state machine, a stream or a schedule. */
export interface TaskHandler<Output> {
  (event: unknown): Promise<Output>
  /** Runs it with the given app. */
  run(event: unknown, app: App): Promise<Output>
}

/**
 * The handler of a task: parses its input, runs it, and lets its errors through under their own names, which Retry and
 * Catch match.
 */
export function task<Input extends z.ZodType, Output>({ input, run }: Task<Input, Output>): TaskHandler<Output> {
  const chain = middy<unknown, Output, Error, { app: App }>().handler(async (event, { app }) =>
    run(parse(input, event), app),
  )
  const withApp = (event: unknown, app: App) => chain(event, { app })
  return Object.assign((event: unknown) => withApp(event, deployedApp()), { run: withApp })
}

function parse<Input extends z.ZodType>(schema: Input, event: unknown): z.output<Input> {
  const parsed = schema.safeParse(event)
  if (parsed.success) return parsed.data
  throw new InvalidInputError('The task was given an input that it does not take', violationsOf(parsed.error))
}
