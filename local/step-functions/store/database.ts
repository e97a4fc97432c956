import { DatabaseSync } from 'node:sqlite'

/** The engine's database. What is written becomes durable together at the next `commit`. */
export interface Database {
  /** A statement that only reads; it sees what is written but not committed. */
  read(sql: string): Query
  /** A statement that writes, in the transaction that the next `commit` ends. */
  write(sql: string): (...values: Value[]) => number
  commit(): void
  close(): void
}

export type Value = string | number | null

/** A row, column by column. */
export type Row = Readonly<Record<string, unknown>>

export interface Query {
  one(...values: Value[]): Row | undefined
  all(...values: Value[]): Row[]
}

const schema = `
  CREATE TABLE IF NOT EXISTS machines (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, created_ms INTEGER NOT NULL,
    revision TEXT NOT NULL, is_updated INTEGER NOT NULL, configuration TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS revisions (
    id TEXT PRIMARY KEY, definition TEXT NOT NULL, role_arn TEXT NOT NULL, updated_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS executions (
    number INTEGER PRIMARY KEY, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, machine_arn TEXT NOT NULL,
    revision TEXT NOT NULL, status TEXT NOT NULL, started_ms INTEGER NOT NULL, stopped_ms INTEGER,
    input TEXT NOT NULL, started_by TEXT, output TEXT, error TEXT, cause TEXT);
  CREATE INDEX IF NOT EXISTS executions_by_machine ON executions (machine_arn, number);
  CREATE INDEX IF NOT EXISTS open_executions ON executions (number) WHERE status = 'RUNNING';
  CREATE TABLE IF NOT EXISTS facts (id INTEGER PRIMARY KEY, execution INTEGER NOT NULL, batch TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS facts_by_execution ON facts (execution);`

/**
 * Opens the database at `path`, a file or `:memory:`.
 *
 * A commit reaches the operating system before it returns, so that nothing that was committed is lost when the
 * process is killed; it is not forced to the disk each time, so that a power cut may take the last moments, whole
 * transactions at a time. One process at a time has the database to itself.
 */
export function openDatabase(path: string): Database {
  const connection = new DatabaseSync(path, { timeout: 5000 })
  connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
  connection.exec(schema)
  const [beginStatement, commitStatement] = [connection.prepare('BEGIN'), connection.prepare('COMMIT')]
  let isWriting = false
  const begin = () => {
    if (!isWriting) beginStatement.run()
    isWriting = true
  }
  const commit = () => {
    if (isWriting) commitStatement.run()
    isWriting = false
  }

  return {
    read(sql) {
      const statement = connection.prepare(sql)
      return { one: (...values) => statement.get(...values), all: (...values) => statement.all(...values) }
    },
    write(sql) {
      const statement = connection.prepare(sql)
      return (...values) => {
        begin()
        return Number(statement.run(...values).lastInsertRowid)
      }
    },
    commit,
    close() {
      commit()
      connection.close()
    },
  }
}

/** A column that holds text. */
export function textIn(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new Error(`Column '${column}' holds '${String(value)}'; expected text`)
  return value
}

/** A column that holds text or nothing. */
export function optionalTextIn(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textIn(row, column)
}

/** A column that holds a number. */
export function numberIn(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new Error(`Column '${column}' holds '${String(value)}'; expected a number`)
  return value
}
