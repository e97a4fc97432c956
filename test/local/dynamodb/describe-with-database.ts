import { describe } from '@jest/globals'
import { findDynoxide } from '../../../local/dynamodb/dynoxide.ts'

/** A group of tests that needs a DynamoDB; skipped, saying why, where this machine can't run one. */
export function describeWithDatabase(title: string, tests: () => void): void {
  const reason = whyNotHere()
  if (reason) describe.skip(`${title} (skipped: ${reason})`, tests)
  else describe(title, tests)
}

function whyNotHere(): string | undefined {
  if (process.env.RAMPART_DYNAMODB_ENDPOINT) return undefined
  try {
    findDynoxide()
    return undefined
  } catch (error) {
    return String(error)
  }
}
