/** An answer that is an error: `code` is its name in the service's model, `message` the service's own wording. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly statusCode: number

  constructor(code: string, message: string, statusCode = 400) {
    super(message)
    this.code = code
    this.statusCode = statusCode
  }
}

/** The error of a request that breaks a constraint of the service's model. */
export function validationError(violation: string): ServiceError {
  return new ServiceError('ValidationException', `1 validation error detected: ${violation}`)
}

/** The error of an operation that is not supported here, by name. */
export function unknownOperation(service: string, operation: string): ServiceError {
  return new ServiceError(
    'UnknownOperationException',
    `The operation '${operation}' of ${service} is not supported here`,
  )
}
