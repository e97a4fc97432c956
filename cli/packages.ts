import type { Command } from 'commander'
import { z } from 'zod'
import { createPackageCommand } from './packages/create.ts'
import { listCommand, nounCommand, type ResourceKind, showCommand } from './resource-commands.ts'
import type { Shell } from './shell.ts'
import { instant } from './words.ts'

const expected = z.looseObject({
  packageId: z.string(),
  name: z.string(),
  kind: z.string(),
  organisationId: z.string(),
  expiresAt: z.string().optional(),
  createdAt: z.string(),
})

const packages: ResourceKind<z.infer<typeof expected>> = {
  noun: 'package',
  path: '/v1/packages',
  expected,
  columns: {
    name: ({ name }) => name,
    kind: ({ kind }) => kind,
    organisation: ({ organisationId }) => organisationId,
    expires: ({ expiresAt }) => instant(expiresAt),
    created: ({ createdAt }) => instant(createdAt),
    id: ({ packageId }) => packageId,
  },
}

/** `rampart packages`: the onboarding packages. */
export function packagesCommand(shell: Shell): Command {
  return nounCommand('packages', 'Onboarding and offboarding packages', [
    listCommand(shell, packages),
    showCommand(shell, packages),
    createPackageCommand(shell),
  ])
}
