/** Where a command runs: what it prints to, and what it finds around it. */
export interface Shell {
  /** Prints a result. */
  print(text: string): void
  /** Prints what is no result: progress, and what went wrong. */
  tell(text: string): void
  /** Where live progress may be drawn; undefined where nobody watches a terminal. */
  readonly screen: NodeJS.WritableStream | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** What the process ends with: 0 done, 1 found something, 2 wrong usage, 3 failed. */
  exitCode: number
}

/** The shell of this process. */
export function processShell(): Shell {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    tell: (text) => void process.stderr.write(`${text}\n`),
    screen: process.stdout.isTTY && process.stderr.isTTY ? process.stderr : undefined,
    environment: process.env,
    workingDirectory: process.cwd(),
    exitCode: 0,
  }
}
