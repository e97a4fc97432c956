import type { Command } from 'commander'
import { z } from 'zod'
import { type AdminApi, adminApi } from '../local/fleet/admin-api.ts'
import { findRuntime } from './find-runtime.ts'
import type { Shell } from './shell.ts'

/** What a subcommand works with. */
export interface Session {
  readonly api: AdminApi
  /** Prints an answer of the API: in the API's own shape, or as the text. */
  print(body: unknown, text: string): void
}

/** A session with the API that the command's options, the environment or a running runtime name. */
export function openSession(command: Command, shell: Shell): Session {
  return { api: adminApi(findRuntime(optionsOf(command, connection), shell)), print: printer(command, shell) }
}

/** Prints results as the command's `--output` says. */
export function printer(command: Command, shell: Shell): Session['print'] {
  const { output } = optionsOf(command, z.object({ output: z.enum(['text', 'json']) }))
  return (body, text) => shell.print(output === 'json' ? JSON.stringify(body, null, 2) : text)
}

/** The command's options, its parents' among them. */
export function optionsOf<T>(command: Command, expected: z.ZodType<T>): T {
  return expected.parse(command.optsWithGlobals())
}

const connection = z.object({ endpoint: z.string().optional(), token: z.string().optional() })
