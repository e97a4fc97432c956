/** An answer of the API that is an error: `code` is its name in the API's model, `message` AWS's own wording. */
export class StepFunctionsError extends Error {
  override readonly name = 'StepFunctionsError'
  readonly code: string
  readonly statusCode: number

  constructor(code: string, message: string, statusCode = 400) {
    super(message)
    this.code = code
    this.statusCode = statusCode
  }
}

/** The error of a request whose parameter is missing, of another type, or outside its constraint. */
export function validationError(violation: string): StepFunctionsError {
  return new StepFunctionsError('ValidationException', `1 validation error detected: ${violation}`)
}

/** What made a state fail. `also` are further names under which Retry and Catch know it. */
export interface Failure {
  readonly error?: string
  readonly cause?: string
  readonly also?: readonly string[]
}

/** A failure met while a state's fields were evaluated; `location` is the field, where one is to blame. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
  readonly location: string | undefined
  /** The error's name in the state machine. */
  readonly error: string
  /** Whether the history shows the failure as one that came after the state's entry rather than with it. */
  readonly isAfterEntry: boolean

  constructor(message: string, { location, error = 'States.QueryEvaluationError', isAfterEntry = false }: Blame = {}) {
    super(message)
    this.location = location
    this.error = error
    this.isAfterEntry = isAfterEntry
  }
}

interface Blame {
  readonly location?: string
  readonly error?: string
  readonly isAfterEntry?: boolean
}
