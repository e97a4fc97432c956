import type { Command } from 'commander'
import { listCommand } from '../resource-commands.ts'
import type { Shell } from '../shell.ts'
import { counts, instant, words } from '../words.ts'
import { rotationSummary } from './rotation.ts'

/** `rampart rotations list`: every rotation, and how it stands. */
export function listRotationsCommand(shell: Shell): Command {
  return listCommand(shell, {
    noun: 'rotation',
    path: '/v1/rotations',
    expected: rotationSummary,
    columns: {
      name: ({ name }) => name,
      status: ({ status }) => words(status),
      wave: ({ currentWave }) => (currentWave < 0 ? '' : currentWave === 0 ? 'validation' : String(currentWave)),
      started: ({ createdAt }) => instant(createdAt),
      ended: ({ endedAt }) => instant(endedAt),
      harmed: ({ harmedDevices }) => String(harmedDevices),
      devices: ({ devices }) => counts(devices),
      id: ({ rotationId }) => rotationId,
    },
  })
}
