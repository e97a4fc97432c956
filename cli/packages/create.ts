import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { describe } from '../resource-commands.ts'
import { openSession, optionsOf } from '../session.ts'
import type { Shell } from '../shell.ts'
import { UsageError } from '../usage-error.ts'

/** `rampart packages create`: hands a package file over. */
export function createPackageCommand(shell: Shell): Command {
  const command = new Command('create')
    .description('Create a package from the file that the EDR service offers for download')
    .requiredOption('--file <path>', 'the package')
    .option('--name <name>', "the package's name (default: the file's)")
    .addOption(new Option('--kind <kind>', 'what it does').choices(['onboard', 'offboard']).default('onboard'))
    .option('--idempotency-key <key>', 'makes a repeat of the command harmless')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { file, name, kind, idempotencyKey } = optionsOf(command, options)
    const fileName = basename(file)
    const content = contentOf(resolve(shell.workingDirectory, file))
    const created = { name: name ?? fileName, platform: 'windows', kind, fileName, content }
    const { body } = await api.post('/v1/packages', z.looseObject({}), { body: created, idempotencyKey })
    print(body, describe(body))
  })
}

const options = z.object({
  file: z.string(),
  name: z.string().optional(),
  kind: z.string(),
  idempotencyKey: z.string().default(randomUUID),
})

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UsageError(`'${path}' can't be read; expected a package file`, { cause })
  }
}
