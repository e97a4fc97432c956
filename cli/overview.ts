import { Command } from 'commander'
import { z } from 'zod'
import { describe } from './resource-commands.ts'
import { openSession } from './session.ts'
import type { Shell } from './shell.ts'

/** `rampart overview`: how the tenant stands. */
export function overviewCommand(shell: Shell): Command {
  const command = new Command('overview').description('Show how many devices and rotations stand where')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { body } = await api.get('/v1/overview', z.looseObject({}))
    print(body, describe(body))
  })
}
