import type { Outcome } from '../core/fact.ts'
import { type Database, numberIn, optionalTextIn, type Row, textIn, type Value } from './database.ts'

export type ExecutionStatus = 'RUNNING' | Outcome['status']

/** An execution as it is listed and described. */
export interface ExecutionRow {
  readonly number: number
  readonly arn: string
  readonly name: string
  readonly machineArn: string
  readonly revision: string
  readonly status: ExecutionStatus
  readonly startedAtMs: number
  readonly stoppedAtMs?: number
  /** JSON text, as it was sent. */
  readonly input: string
  readonly startedBy?: Starter
  readonly output?: string
  readonly error?: string
  readonly cause?: string
}

export type NewExecution = Omit<ExecutionRow, 'number' | 'status' | 'stoppedAtMs' | 'output' | 'error' | 'cause'>

/** The task that started an execution. */
export interface Starter {
  readonly execution: number
  readonly frame: string
  readonly reference: string
  /** Whether the task waits for the end of the execution. */
  readonly isAwaited: boolean
}

/** Every execution, open and closed. */
export interface ExecutionStore {
  /** Adds a running execution and gives its number. */
  add(execution: NewExecution): number
  close(number: number, stoppedAtMs: number, outcome: Outcome): void
  find(arn: string): ExecutionRow | undefined
  open(): ExecutionRow[]
  /** At most `limit` executions of a machine below number `before`, the newest first. */
  list(query: { machineArn: string; status?: string; before: number; limit: number }): ExecutionRow[]
}

/** The executions in `database`. */
export function executionStore(database: Database): ExecutionStore {
  const insert = database.write(
    `INSERT INTO executions (arn, name, machine_arn, revision, status, started_ms, input, started_by)
     VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?)`,
  )
  const update = database.write(
    'UPDATE executions SET status = ?, stopped_ms = ?, output = ?, error = ?, cause = ? WHERE number = ?',
  )
  const select = database.read('SELECT * FROM executions WHERE arn = ?')
  const selectOpen = database.read(`SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY number`)
  const selectPage = database.read(
    `SELECT * FROM executions WHERE machine_arn = ? AND number < ? AND (? IS NULL OR status = ?) ORDER BY number DESC LIMIT ?`,
  )
  return {
    add: ({ arn, name, machineArn, revision, startedAtMs, input, startedBy }) =>
      insert(arn, name, machineArn, revision, startedAtMs, input, startedBy ? JSON.stringify(startedBy) : null),
    close(number, stoppedAtMs, outcome) {
      update(outcome.status, stoppedAtMs, ...resultOf(outcome), number)
    },
    find(arn) {
      const row = select.one(arn)
      return row && toExecution(row)
    },
    open: () => selectOpen.all().map(toExecution),
    list: ({ machineArn, status = null, before, limit }) =>
      selectPage.all(machineArn, before, status, status, limit).map(toExecution),
  }
}

function resultOf(outcome: Outcome): [Value, Value, Value] {
  if (outcome.status === 'SUCCEEDED') return [JSON.stringify(outcome.output), null, null]
  return [null, outcome.error ?? null, outcome.cause ?? null]
}

const statuses: ReadonlySet<string> = new Set(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'])

function isStatus(text: string): text is ExecutionStatus {
  return statuses.has(text)
}

function toExecution(row: Row): ExecutionRow {
  const status = textIn(row, 'status')
  if (!isStatus(status))
    throw new Error(`Column 'status' holds '${status}'; expected one of ${[...statuses].join(', ')}`)
  const stoppedAtMs = row.stopped_ms === null ? undefined : numberIn(row, 'stopped_ms')
  const startedBy = optionalTextIn(row, 'started_by')
  const [output, error, cause] = ['output', 'error', 'cause'].map((column) => optionalTextIn(row, column))
  return {
    number: numberIn(row, 'number'),
    arn: textIn(row, 'arn'),
    name: textIn(row, 'name'),
    machineArn: textIn(row, 'machine_arn'),
    revision: textIn(row, 'revision'),
    status,
    startedAtMs: numberIn(row, 'started_ms'),
    input: textIn(row, 'input'),
    ...(stoppedAtMs !== undefined && { stoppedAtMs }),
    ...(startedBy !== undefined && { startedBy: JSON.parse(startedBy) }),
    ...(output !== undefined && { output }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  }
}
