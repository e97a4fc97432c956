import { Command } from 'commander'
import { z } from 'zod'
import { namedKinds, resolveId } from '../resolve-id.ts'
import { openSession, optionsOf } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readRotation } from './rotation.ts'
import { rotationText } from './rotation-text.ts'
import { watchRotation } from './watch.ts'

/** `rampart rotations show`: one rotation, once or until it is over. */
export function showRotationCommand(shell: Shell): Command {
  const command = new Command('show')
    .description('Show one rotation: how it stands, and why it does not move')
    .argument('<rotation>', "the rotation's id or name")
    .option('--watch', 'follow it until it is over; the exit code is 1 where it was not completed')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { watch } = optionsOf(command, z.object({ watch: z.boolean().default(false) }))
    const rotationId = await resolveId(api, namedKinds.rotation, command.args[0] ?? '')
    const rotation = watch ? await watchRotation(api, rotationId, shell) : (await readRotation(api, rotationId)).body
    print(rotation, rotationText(rotation))
  })
}
