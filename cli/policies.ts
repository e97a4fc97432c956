import type { Command } from 'commander'
import { z } from 'zod'
import { listCommand, nounCommand, type ResourceKind, showCommand } from './resource-commands.ts'
import type { Shell } from './shell.ts'

const expected = z.looseObject({
  policyId: z.string(),
  name: z.string(),
  status: z.string(),
  origin: z.string(),
  assignments: z.array(z.looseObject({ groupId: z.string(), intent: z.string() })),
})

const policies: ResourceKind<z.infer<typeof expected>> = {
  noun: 'policy',
  path: '/v1/policies',
  expected,
  columns: {
    name: ({ name }) => name,
    status: ({ status }) => status,
    origin: ({ origin }) => origin,
    assignments: ({ assignments }) => assignments.map(({ intent, groupId }) => `${intent} ${groupId}`).join(', '),
    id: ({ policyId }) => policyId,
  },
}

/** `rampart policies`: what is kept on devices. */
export function policiesCommand(shell: Shell): Command {
  return nounCommand('policies', 'Policies and what they are assigned to', [
    listCommand(shell, policies),
    showCommand(shell, policies),
  ])
}
