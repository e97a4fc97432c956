import type { Fact } from '../core/fact.ts'
import { type Database, textIn } from './database.ts'

/** The facts of all executions, in batches that became durable together. */
export interface FactLog {
  append(execution: number, facts: readonly Fact[]): void
  /** Every fact of an execution, in order. */
  read(execution: number): readonly Fact[]
}

/**
 * The fact log in `database`. Batches stand in the order in which they came: were each beside those of its own
 * execution, a commit of what many executions did would write a page for every one of them.
 */
export function factLog(database: Database): FactLog {
  const insert = database.write('INSERT INTO facts (execution, batch) VALUES (?, ?)')
  const select = database.read('SELECT batch FROM facts WHERE execution = ? ORDER BY id')
  return {
    append(execution, facts) {
      insert(execution, JSON.stringify(facts))
    },
    read: (execution) => select.all(execution).flatMap((row) => parseBatch(textIn(row, 'batch'))),
  }
}

function parseBatch(batch: string): readonly Fact[] {
  return JSON.parse(batch)
}
