import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { z } from 'zod'
import { type RotationAction, rotationActions } from '../../domain/rotation.ts'
import { namedKinds, resolveId } from '../resolve-id.ts'
import { openSession, optionsOf } from '../session.ts'
import type { Shell } from '../shell.ts'
import { words } from '../words.ts'
import { readRotation } from './rotation.ts'

/** `rampart rotations pause|resume|approve|abort`: what an operator can do to a rotation. */
export function actionCommands(shell: Shell): Command[] {
  return rotationActions.map((action) => actionCommand(shell, action))
}

const descriptions: Readonly<Record<RotationAction, string>> = {
  pause: 'Hold a rotation where it is; it is still aborted if its package proves bad',
  resume: 'Let a paused rotation go on',
  approve: 'Approve the present wave, where its gate asks for that',
  abort: 'End a rotation, and bring its devices back to the old package',
}

function actionCommand(shell: Shell, action: RotationAction): Command {
  const command = new Command(action)
    .description(descriptions[action])
    .argument('<rotation>', "the rotation's id or name")
    .requiredOption('--reason <text>', 'why, for the record')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { reason } = optionsOf(command, z.object({ reason: z.string() }))
    const rotationId = await resolveId(api, namedKinds.rotation, command.args[0] ?? '')
    const { etag: ifMatch } = await readRotation(api, rotationId)
    const change = { body: { action, reason }, idempotencyKey: randomUUID(), ifMatch }
    const { body } = await api.post(`/v1/rotations/${rotationId}/actions`, taken, change)
    print(body, `${body.rotation.name} is ${words(body.rotation.status)}: ${body.rotation.stateReason}`)
  })
}

const taken = z.looseObject({
  rotation: z.looseObject({ name: z.string(), status: z.string(), stateReason: z.string() }),
})
