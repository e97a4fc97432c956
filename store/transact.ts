import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import { type RampartError, UnavailableError } from '../domain/errors.ts'
import { translate } from './ask.ts'
import type { Connection } from './connection.ts'

export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** One write of a transaction, and what to raise where its condition does not hold. */
export interface Step {
  readonly write: Write
  readonly refusal: () => RampartError
}

/** Takes all steps or none. The first step whose condition does not hold says why nothing changed. */
export async function transact(connection: Connection, steps: readonly Step[]): Promise<void> {
  const failed = await writeAll(
    connection,
    steps.map(({ write }) => write),
  )
  const refused = failed === undefined ? undefined : steps[failed]
  if (refused) throw refused.refusal()
}

/** Makes all writes or none; returns the index of the first one whose condition did not hold, if any did not. */
export async function writeAll({ client }: Connection, writes: readonly Write[]): Promise<number | undefined> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: [...writes] }))
    return undefined
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw translate(error)
    const reasons = error.CancellationReasons?.map(({ Code = 'None' }) => Code) ?? []
    const failed = reasons.indexOf('ConditionalCheckFailed')
    if (failed < 0) throw explain(error, reasons)
    return failed
  }
}

/** A transaction that another one got in the way of, or that was throttled, may succeed the next time. */
const passingReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])

function explain(error: TransactionCanceledException, reasons: readonly string[]): Error {
  const passing = reasons.find((reason) => passingReasons.has(reason))
  if (!passing) return error
  return new UnavailableError(`The database could not take the change now ('${passing}'); retry`, { cause: error })
}
