import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { z } from 'zod'
import { describe } from '../resource-commands.ts'
import { openSession, optionsOf } from '../session.ts'
import type { Shell } from '../shell.ts'

/** `rampart groups create`: an empty group. */
export function createGroupCommand(shell: Shell): Command {
  const command = new Command('create')
    .description('Create an empty group')
    .requiredOption('--name <name>', "the group's name")
    .option('--description <text>', 'what it is for')
    .option('--idempotency-key <key>', 'makes a repeat of the command harmless')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { name, description, idempotencyKey } = optionsOf(command, options)
    const change = { body: { name, description }, idempotencyKey }
    const { body } = await api.post('/v1/groups', z.looseObject({}), change)
    print(body, describe(body))
  })
}

const options = z.object({
  name: z.string(),
  description: z.string().optional(),
  idempotencyKey: z.string().default(randomUUID),
})
