import type { Command } from 'commander'
import { z } from 'zod'
import { showExecutionCommand } from './executions/show.ts'
import { listCommand, nounCommand, type ResourceKind } from './resource-commands.ts'
import type { Shell } from './shell.ts'
import { instant } from './words.ts'

const expected = z.looseObject({
  executionId: z.string(),
  stateMachine: z.string(),
  rotationId: z.string(),
  wave: z.number().optional(),
  status: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
})

const executions: ResourceKind<z.infer<typeof expected>> = {
  noun: 'execution',
  path: '/v1/executions',
  expected,
  columns: {
    machine: ({ stateMachine }) => stateMachine,
    status: ({ status }) => status.toLowerCase(),
    rotation: ({ rotationId }) => rotationId,
    wave: ({ wave }) => (wave === undefined ? '' : String(wave)),
    started: ({ startedAt }) => instant(startedAt),
    ended: ({ endedAt }) => instant(endedAt),
    id: ({ executionId }) => executionId,
  },
}

/** `rampart executions`: the workflows behind rotations. */
export function executionsCommand(shell: Shell): Command {
  return nounCommand('executions', 'Executions of the workflows behind rotations', [
    listCommand(shell, executions),
    showExecutionCommand(shell),
  ])
}
