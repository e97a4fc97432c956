import type { Failure } from '../errors.ts'

/** The most bytes that an input, an output or a result may have. */
export const longestPayload = 262_144

/** The failure of a state or task that gives more than a payload may hold. */
export function tooLarge(name: string): Failure {
  const cause = `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`
  return { error: 'States.DataLimitExceeded', cause }
}
