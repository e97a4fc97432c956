import type { Command } from 'commander'
import { nounCommand } from './resource-commands.ts'
import { actionCommands } from './rotations/act.ts'
import { listRotationsCommand } from './rotations/list.ts'
import { showRotationCommand } from './rotations/show.ts'
import { startRotationCommand } from './rotations/start.ts'
import type { Shell } from './shell.ts'

/** `rampart rotations`: moving a fleet from one onboarding package to another. */
export function rotationsCommand(shell: Shell): Command {
  return nounCommand('rotations', 'Staged replacements of one onboarding package by another', [
    startRotationCommand(shell),
    listRotationsCommand(shell),
    showRotationCommand(shell),
    ...actionCommands(shell),
  ])
}
