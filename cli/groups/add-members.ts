import { Command } from 'commander'
import { z } from 'zod'
import { addMembers } from '../../local/fleet/add-members.ts'
import { namedKinds, resolveId } from '../resolve-id.ts'
import { describe } from '../resource-commands.ts'
import { openSession } from '../session.ts'
import type { Shell } from '../shell.ts'

/** `rampart groups add-members`: puts devices into a group. */
export function addMembersCommand(shell: Shell): Command {
  const command = new Command('add-members')
    .description('Add devices to a group; those that are in it already stay in it')
    .argument('<group>', "the group's id or name")
    .argument('<device-id...>', "the devices' ids")
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const [group = '', ...deviceIds] = command.args
    const groupId = await resolveId(api, namedKinds.group, group)
    await addMembers(api, groupId, deviceIds)
    const { body } = await api.get(`/v1/groups/${groupId}`, z.looseObject({}))
    print(body, describe(body))
  })
}
