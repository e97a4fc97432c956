import type { z } from 'zod'
import type { Violation } from '../domain/errors.ts'

/** What a schema found wrong, each with the JSON pointer of the part. */
export function violationsOf(error: z.ZodError): Violation[] {
  return error.issues.map(({ path, message }) => ({
    pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    detail: message,
  }))
}
