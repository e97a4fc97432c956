import { createWriteStream } from 'node:fs'

/** Where the runtime and the functions write what happened: JSON lines, never on the terminal. */
export interface RuntimeLog {
  readonly write: (line: Readonly<Record<string, unknown>>) => void
  /** Logs an error that nobody else is told of. */
  readonly problem: (message: string, error: unknown) => void
  readonly close: () => Promise<void>
}

/** The log at `path`, which only its owner may read; lines are added to those of earlier runs. */
export function openRuntimeLog(path: string): RuntimeLog {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  const write = (line: Readonly<Record<string, unknown>>) => {
    stream.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
  }
  return {
    write,
    problem: (message, error) =>
      write({ level: 'error', message, error: error instanceof Error ? error.message : error }),
    close: () => new Promise((resolve) => stream.end(resolve)),
  }
}
