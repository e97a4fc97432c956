import type { Command } from 'commander'
import { z } from 'zod'
import { addMembersCommand } from './groups/add-members.ts'
import { createGroupCommand } from './groups/create.ts'
import { listCommand, nounCommand, type ResourceKind, showCommand } from './resource-commands.ts'
import type { Shell } from './shell.ts'

const expected = z.looseObject({
  groupId: z.string(),
  name: z.string().optional(),
  kind: z.string(),
  memberCount: z.number().optional(),
})

const groups: ResourceKind<z.infer<typeof expected>> = {
  noun: 'group',
  path: '/v1/groups',
  expected,
  columns: {
    name: ({ name }) => name ?? '',
    kind: ({ kind }) => kind,
    members: ({ memberCount }) => (memberCount === undefined ? '' : String(memberCount)),
    id: ({ groupId }) => groupId,
  },
}

/** `rampart groups`: whom policies are assigned to. */
export function groupsCommand(shell: Shell): Command {
  return nounCommand('groups', 'Groups of devices', [
    listCommand(shell, groups),
    showCommand(shell, groups),
    createGroupCommand(shell),
    addMembersCommand(shell),
  ])
}
