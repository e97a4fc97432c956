import type { Fact } from '../core/fact.ts'
import { type Database, textIn } from './database.ts'

/** The facts of all executions, in batches that became durable together. */
export interface FactLog {
  /** Adds the batch that follows `batchCount` earlier ones of the execution. */
  append(execution: number, batchCount: number, facts: readonly Fact[]): void
  /** Every fact of an execution, in order, and how many batches they came in. */
  read(execution: number): { facts: readonly Fact[]; batchCount: number }
}

/** A batch's key is its execution's number times this, plus its own. */
const batchesPerExecution = 2 ** 24

/** The fact log in `database`. */
export function factLog(database: Database): FactLog {
  const insert = database.write('INSERT INTO facts (id, batch) VALUES (?, ?)')
  const select = database.read('SELECT batch FROM facts WHERE id >= ? AND id < ? ORDER BY id')
  return {
    append(execution, batchCount, facts) {
      insert(execution * batchesPerExecution + batchCount, JSON.stringify(facts))
    },
    read(execution) {
      const batches = select.all(execution * batchesPerExecution, (execution + 1) * batchesPerExecution)
      return { facts: batches.flatMap((row) => parseBatch(textIn(row, 'batch'))), batchCount: batches.length }
    },
  }
}

function parseBatch(batch: string): readonly Fact[] {
  return JSON.parse(batch)
}
