import { Command, CommanderError, Option } from 'commander'
import { z } from 'zod'
import { ProblemError } from '../local/fleet/admin-api.ts'
import { demoCommand } from './demo.ts'
import { devicesCommand } from './devices.ts'
import { executionsCommand } from './executions.ts'
import { groupsCommand } from './groups.ts'
import { overviewCommand } from './overview.ts'
import { packagesCommand } from './packages.ts'
import { policiesCommand } from './policies.ts'
import { rotationsCommand } from './rotations.ts'
import type { Shell } from './shell.ts'
import { UsageError } from './usage-error.ts'

/** Runs the `rampart` command with the arguments; returns the exit code. */
export async function runRampart(args: readonly string[], shell: Shell): Promise<number> {
  try {
    await rampart(shell).parseAsync([...args], { from: 'user' })
    return shell.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    shell.tell(messageOf(error))
    return isWrongUsage(error) ? 2 : 3
  }
}

function rampart(shell: Shell): Command {
  const program = new Command('rampart')
    .description('Keeps endpoint-security policy for a fleet, and moves it to new onboarding packages in gated waves')
    .option(
      '--endpoint <url>',
      'the API (default: $RAMPART_ENDPOINT, or the runtime that .rampart/runtime.json tells of)',
    )
    .option('--token <token>', "an administrator's token (default: $RAMPART_TOKEN, or the same runtime's)")
    .addOption(new Option('--output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addOption(new Option('--json', 'short for --output json').implies({ output: 'json' }))
    .addCommand(overviewCommand(shell))
    .addCommand(rotationsCommand(shell))
    .addCommand(executionsCommand(shell))
    .addCommand(packagesCommand(shell))
    .addCommand(policiesCommand(shell))
    .addCommand(groupsCommand(shell))
    .addCommand(devicesCommand(shell))
    .addCommand(demoCommand(shell))
    .addHelpText('after', '\nExit codes: 0 done, 1 found something, 2 wrong usage or unreadable input, 3 failed')
  settle(program, shell)
  return program
}

/** Has the command and all below it print by way of the shell, and leave it to the caller to end the process. */
function settle(command: Command, shell: Shell): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.print(text.trimEnd()),
      writeErr: (text) => shell.tell(text.trimEnd()),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help says more)')
  for (const subcommand of command.commands) settle(subcommand, shell)
}

/** Refusals of what was asked for; the other refusals depend on how things stand. */
const usageStatuses = [400, 422]

function isWrongUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof ProblemError && usageStatuses.includes(error.status))
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return `The API's answer is not as expected:\n${z.prettifyError(error)}`
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${rootOf(error.cause)})` : error.message
}

function rootOf(error: Error): string {
  return error.cause instanceof Error ? rootOf(error.cause) : error.message
}
