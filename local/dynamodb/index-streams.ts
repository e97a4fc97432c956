import { DatabaseSync } from 'node:sqlite'

/**
 * Adds the index by which Dynoxide finds a stream's latest record. Without one (as of 1.2.1) every write to a table
 * with a stream reads the stream from its beginning: 7 ms a write after 10,000 records, growing with each.
 */
export function indexStreams(databasePath: string): void {
  const database = new DatabaseSync(databasePath, { timeout: 5000 })
  database.exec(`CREATE INDEX IF NOT EXISTS rampart_stream_sequence
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`)
  database.close()
}
