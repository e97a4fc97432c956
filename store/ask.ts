import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { ElectroError } from 'electrodb'
import { UnavailableError } from '../domain/errors.ts'

/** The database's answer to one call. Throws UnavailableError where asking again may help. */
export async function ask<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call
  } catch (error) {
    throw translate(error)
  }
}

/** Whether a conditional write took place; false where its condition did not hold and nothing changed. */
export async function written(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (causeOf(error) instanceof ConditionalCheckFailedException) return false
    throw translate(error)
  }
}

/** What a failed call means to callers: an UnavailableError, or the database's own error without ElectroDB's wrapping. */
export function translate(error: unknown): unknown {
  const cause = causeOf(error)
  if (!isPassing(cause)) return cause
  return new UnavailableError(`The database did not answer ('${nameOf(cause)}'); retry`, { cause })
}

function causeOf(error: unknown): unknown {
  return error instanceof ElectroError && error.cause ? error.cause : error
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html: "OK to retry? Yes". */
const passingNames = new Set([
  'InternalServerError',
  'ItemCollectionSizeLimitExceededException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
  'TransactionConflictException',
  'TransactionInProgressException',
])

const passingCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (passingNames.has(error.name)) return true
  return 'code' in error && typeof error.code === 'string' && passingCodes.has(error.code)
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
