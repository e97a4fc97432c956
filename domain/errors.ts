/** What is wrong with one part of an input. */
export interface Violation {
  /** JSON pointer (RFC 6901) of the part, such as `/waves/2/percent`. */
  readonly pointer: string
  readonly detail: string
}

/** The base of every error that Rampart raises on purpose. Its `name` is a contract: machines and the API match it. */
export class RampartError extends Error {
  override readonly name: string = 'RampartError'
}

/** The input is not acceptable as it stands; `violations` say where and why. */
export class InvalidInputError extends RampartError {
  override readonly name = 'InvalidInputError'
  readonly violations: readonly Violation[]

  constructor(message: string, violations: readonly Violation[] = []) {
    super(message)
    this.violations = violations
  }
}

/** Throws where anything is wrong with an input; the first violation says it in a sentence. */
export function refuseAny(violations: readonly Violation[]): void {
  const [first] = violations
  if (first) throw new InvalidInputError(first.detail, violations)
}

/** Nothing of that name is visible to the caller. */
export class NotFoundError extends RampartError {
  override readonly name = 'NotFoundError'
}

/** The request is well formed, but the present state of things does not allow it. */
export class RefusedError extends RampartError {
  override readonly name = 'RefusedError'
}

/** The stored revision moved on since it was read. Safe to retry: read again, decide again. */
export class StaleRevisionError extends RampartError {
  override readonly name = 'StaleRevisionError'
}

/** A part of the system that is needed cannot be reached now. Safe to retry. */
export class UnavailableError extends RampartError {
  override readonly name = 'UnavailableError'
}
