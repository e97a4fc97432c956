import { Command } from 'commander'
import { z } from 'zod'
import { summaryText } from './demo/summary.ts'
import { wholeNumber } from './numbers.ts'
import { optionsOf, printer } from './session.ts'
import type { Shell } from './shell.ts'

/** `rampart demo`: a good rotation and a bad one, on a runtime and a fleet of their own. */
export function demoCommand(shell: Shell): Command {
  const command = new Command('demo')
    .description('Rotate a simulated fleet twice: to a good package, and to one that breaks some devices')
    .option('--fleet <devices>', 'how many devices there are, 100 or more', wholeNumber, 500)
    .option('--seed <number>', 'equal seeds, equal fleets', wholeNumber, 1)
  return command.action(async () => {
    const { fleet, seed } = optionsOf(command, z.object({ fleet: z.number(), seed: z.number() }))
    // Only here is a runtime needed, which takes a while to load.
    const { tellDemo } = await import('./demo/tell-demo.ts')
    const summary = await tellDemo({ size: fleet, seed }, shell)
    printer(command, shell)(summary, summaryText(summary))
  })
}
