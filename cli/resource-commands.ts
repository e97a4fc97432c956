import { Argument, Command } from 'commander'
import { z } from 'zod'
import { wholeNumber } from './numbers.ts'
import { openSession, optionsOf } from './session.ts'
import type { Shell } from './shell.ts'
import { facts, table } from './table.ts'
import { words } from './words.ts'

/** A kind of resource that can be listed and shown. */
export interface ResourceKind<T> {
  /** One of them, in words. */
  readonly noun: string
  /** Its list in the API. */
  readonly path: string
  readonly expected: z.ZodType<T>
  /** What a list says of each, by column. */
  readonly columns: Readonly<Record<string, (resource: T) => string>>
}

/** `list`: one page of the resources of a kind. */
export function listCommand<T>(shell: Shell, { noun, path, expected, columns }: ResourceKind<T>): Command {
  const command = new Command('list')
    .description(`List every ${noun}`)
    .option('--limit <number>', 'how many at most, up to 100', wholeNumber, 100)
    .option('--cursor <cursor>', 'the nextCursor of the page before')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { limit, cursor } = optionsOf(command, z.object({ limit: z.number(), cursor: z.string().optional() }))
    const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) })
    const page = z.looseObject({ items: z.array(expected), nextCursor: z.string().optional() })
    const { body } = await api.get(`${path}?${query.toString()}`, page)
    const rows = body.items.map((resource) => Object.values(columns).map((cell) => cell(resource)))
    print(body, table(Object.keys(columns), rows))
    if (body.nextCursor !== undefined) shell.tell(`There are more: --cursor ${body.nextCursor}`)
  })
}

/** `show`: one resource, by its id. */
export function showCommand<T extends object>(shell: Shell, { noun, path, expected }: ResourceKind<T>): Command {
  const command = new Command('show')
    .description(`Show one ${noun}`)
    .addArgument(new Argument(`<${noun}-id>`, `the ${noun}'s id`))
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { body } = await api.get(`${path}/${encodeURIComponent(command.args[0] ?? '')}`, expected)
    print(body, describe(body))
  })
}

/** The commands of one noun. */
export function nounCommand(name: string, description: string, commands: readonly Command[]): Command {
  const command = new Command(name).description(description)
  for (const subcommand of commands) command.addCommand(subcommand)
  return command
}

/** All that a resource says, in the words of its own fields. */
export function describe(resource: object): string {
  return facts(Object.fromEntries(Object.entries(resource).map(([name, value]) => [words(name), valueText(value)])))
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join('\n')
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : JSON.stringify(value)
  const parts = Object.entries(value).map(([name, each]) => `${words(name)} ${valueText(each)}`)
  return parts.join(', ') || 'none'
}
