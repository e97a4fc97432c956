import type { Machine } from '../definition/machine.ts'
import { readMachine } from '../definition/read-machine.ts'
import { isObject, type JsonObject, parseJson } from '../json.ts'
import { type Database, numberIn, type Row, textIn } from './database.ts'

/** A state machine in its newest revision. */
export interface MachineRow extends Revision {
  readonly arn: string
  readonly name: string
  readonly type: string
  readonly createdAtMs: number
  readonly isUpdated: boolean
  /** Logging, tracing and encryption as they were asked for. */
  readonly configuration: JsonObject
}

/** A definition and role that executions may still be running with. */
export interface Revision {
  readonly revision: string
  readonly definition: string
  readonly roleArn: string
  readonly updatedAtMs: number
}

/** Every state machine, and the revisions that its executions run. */
export interface MachineStore {
  /** Adds a machine, or puts its new revision in the place of the old one. */
  save(machine: MachineRow): void
  remove(arn: string): void
  find(arn: string): MachineRow | undefined
  revision(id: string): Revision | undefined
  /** At most `limit` machines whose ARN comes after `after`. */
  list(after: string, limit: number): MachineRow[]
  /** The parsed definition of a revision. */
  machineOf(revision: string): Machine
}

/** The state machines in `database`. */
export function machineStore(database: Database): MachineStore {
  const insert = database.write('INSERT OR REPLACE INTO machines VALUES (?, ?, ?, ?, ?, ?, ?)')
  const insertRevision = database.write('INSERT OR IGNORE INTO revisions VALUES (?, ?, ?, ?)')
  const remove = database.write('DELETE FROM machines WHERE arn = ?')
  const joined = 'SELECT * FROM machines JOIN revisions ON revisions.id = machines.revision'
  const select = database.read(`${joined} WHERE arn = ?`)
  const selectPage = database.read(`${joined} WHERE arn > ? ORDER BY arn LIMIT ?`)
  const selectRevision = database.read('SELECT *, id AS revision FROM revisions WHERE id = ?')
  const machines = new Map<string, Machine>()
  const rows = new Map<string, MachineRow>()
  const findRevision = (id: string) => {
    const row = selectRevision.one(id)
    return row && toRevision(row)
  }

  return {
    save(machine) {
      const { arn, name, type, createdAtMs, revision, isUpdated, configuration } = machine
      insertRevision(revision, machine.definition, machine.roleArn, machine.updatedAtMs)
      insert(arn, name, type, createdAtMs, revision, Number(isUpdated), JSON.stringify(configuration))
      rows.set(arn, machine)
    },
    remove(arn) {
      remove(arn)
      rows.delete(arn)
    },
    find(arn) {
      const known = rows.get(arn)
      if (known) return known
      const row = select.one(arn)
      if (row) rows.set(arn, toMachineRow(row))
      return rows.get(arn)
    },
    revision: findRevision,
    list: (after, limit) => selectPage.all(after, limit).map(toMachineRow),
    machineOf(revision) {
      const known = machines.get(revision)
      if (known) return known
      const { machine } = readMachine(findRevision(revision)?.definition ?? '')
      if (!machine) throw new Error(`Revision '${revision}' holds a definition that can't be read`)
      machines.set(revision, machine)
      return machine
    },
  }
}

function toRevision(row: Row): Revision {
  return {
    revision: textIn(row, 'revision'),
    definition: textIn(row, 'definition'),
    roleArn: textIn(row, 'role_arn'),
    updatedAtMs: numberIn(row, 'updated_ms'),
  }
}

function toMachineRow(row: Row): MachineRow {
  const configuration = parseJson(textIn(row, 'configuration'))
  return {
    ...toRevision(row),
    arn: textIn(row, 'arn'),
    name: textIn(row, 'name'),
    type: textIn(row, 'type'),
    createdAtMs: numberIn(row, 'created_ms'),
    isUpdated: numberIn(row, 'is_updated') === 1,
    configuration: isObject(configuration) ? configuration : {},
  }
}
