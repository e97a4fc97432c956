import { runRampart } from '../../cli/program.ts'
import type { Shell } from '../../cli/shell.ts'

/** What a command left behind. */
export interface Ran {
  readonly exitCode: number
  readonly printed: string
  readonly told: string
}

/** Runs `rampart` with the arguments where nothing but `surroundings` is found. */
export async function rampart(
  args: readonly string[],
  surroundings: Partial<Pick<Shell, 'environment' | 'workingDirectory'>> = {},
): Promise<Ran> {
  const printed: string[] = []
  const told: string[] = []
  const exitCode = await runRampart(args, {
    print: (text) => void printed.push(text),
    tell: (text) => void told.push(text),
    screen: undefined,
    environment: {},
    workingDirectory: '/nowhere',
    exitCode: 0,
    ...surroundings,
  })
  return { exitCode, printed: printed.join('\n'), told: told.join('\n') }
}
