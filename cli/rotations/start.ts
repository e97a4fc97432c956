import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { z } from 'zod'
import type { AdminApi } from '../../local/fleet/admin-api.ts'
import { decimal, wholeNumber } from '../numbers.ts'
import { namedKinds, resolveId } from '../resolve-id.ts'
import { openSession, optionsOf } from '../session.ts'
import type { Shell } from '../shell.ts'
import { parseWaves } from './parse-waves.ts'
import { readRotation } from './rotation.ts'
import { rotationText } from './rotation-text.ts'
import { watchRotation } from './watch.ts'

/** `rampart rotations start`: begins to move a fleet to another package. */
export function startRotationCommand(shell: Shell): Command {
  const command = startOptions(new Command('start'))
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { watch, idempotencyKey, ...options } = optionsOf(command, startable)
    const body = await plan(api, options)
    const started = await api.post('/v1/rotations', z.looseObject({ rotationId: z.string() }), { body, idempotencyKey })
    const { rotationId } = started.body
    const rotation = watch ? await watchRotation(api, rotationId, shell) : (await readRotation(api, rotationId)).body
    print(rotation, rotationText(rotation))
  })
}

function startOptions(command: Command): Command {
  return command
    .description('Start to replace the package of a policy, wave by wave')
    .requiredOption('--old-policy <policy>', 'the policy whose package is replaced, by id or name')
    .requiredOption('--package <package>', 'the new package, by id or name')
    .requiredOption('--validation-group <group>', 'the group that goes first, by id or name')
    .requiredOption(
      '--waves <targets>',
      'where each wave ends, in percent or in devices: 5,25,100 or 50d,100',
      parseWaves,
    )
    .option('--name <name>', "the rotation's name (default: that of the package)")
    .option('--soak-minutes <minutes>', 'how long a wave is watched at least', wholeNumber)
    .option('--min-outcome-percent <percent>', 'share of the reached devices that must have an outcome', decimal)
    .option('--min-reached-percent <percent>', 'share of the expected devices that must have checked in', decimal)
    .option('--verification-minutes <minutes>', 'how long a device may be silent after its restart', wholeNumber)
    .option('--baseline-failure-rate <rate>', 'how often a good package fails', decimal)
    .option('--false-abort-probability <probability>', 'how often a good package may be stopped', decimal)
    .addOption(
      new Option('--approval <waves>', 'which waves are approved by hand').choices(['none', 'validation', 'everyWave']),
    )
    .option('--rollback-hours <hours>', 'how long an abort waits for devices to come back, at most', wholeNumber)
    .option('--restorable-hours <hours>', 'how long the old policy can be restored', wholeNumber)
    .option('--watch', 'follow it until it is over; the exit code is 1 where it was not completed')
    .option('--idempotency-key <key>', 'makes a repeat of the command harmless')
}

const startable = z.object({
  oldPolicy: z.string(),
  package: z.string(),
  validationGroup: z.string(),
  waves: z.array(z.object({ percent: z.number() }).or(z.object({ count: z.number() }))),
  name: z.string().optional(),
  soakMinutes: z.number().optional(),
  minOutcomePercent: z.number().optional(),
  minReachedPercent: z.number().optional(),
  verificationMinutes: z.number().optional(),
  baselineFailureRate: z.number().optional(),
  falseAbortProbability: z.number().optional(),
  approval: z.string().optional(),
  rollbackHours: z.number().optional(),
  restorableHours: z.number().optional(),
  watch: z.boolean().default(false),
  idempotencyKey: z.string().default(randomUUID),
})

type Startable = Omit<z.infer<typeof startable>, 'watch' | 'idempotencyKey'>

async function plan(api: AdminApi, options: Startable) {
  const {
    oldPolicy,
    package: packageReference,
    validationGroup,
    waves,
    name,
    rollbackHours,
    restorableHours,
    ...gate
  } = options
  return {
    name: name ?? `To ${packageReference}`,
    oldPolicyId: await resolveId(api, namedKinds.policy, oldPolicy),
    packageId: await resolveId(api, namedKinds.package, packageReference),
    validationGroupId: await resolveId(api, namedKinds.group, validationGroup),
    waves,
    gate,
    rollbackHours,
    restorableHours,
  }
}
