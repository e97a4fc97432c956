import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../clock.ts'
import type { TableResource } from '../template/deployment.ts'
import { sweepExpired } from './sweep-expired.ts'

const intervalMs = 6 * 3600 * 1000

/**
 * Sweeps the tables that have a time-to-live attribute every six hours of `clock`; returns a function that ends it.
 * A sweep that fails is left to the next one: nothing depends on when an expired item goes.
 */
export function scheduleSweeps(client: DynamoDBClient, tables: readonly TableResource[], clock: Clock): () => void {
  const swept = tables.filter(({ ttlAttribute }) => ttlAttribute)
  if (swept.length === 0) return () => {}
  let cancel = () => {}
  const sweepAll = () => Promise.allSettled(swept.map((table) => sweepExpired(client, table, clock.now())))
  const sweepLater = () => {
    cancel = clock.at(clock.now() + intervalMs, () => void clock.track(sweepAll().then(sweepLater)))
  }
  sweepLater()
  return () => cancel()
}
