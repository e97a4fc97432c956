import { Command } from 'commander'
import { z } from 'zod'
import { describe } from '../resource-commands.ts'
import { openSession, optionsOf } from '../session.ts'
import type { Shell } from '../shell.ts'
import { table } from '../table.ts'
import { duration, instant } from '../words.ts'
import { type HistoryEvent, historyEvent, stateVisits } from './state-visits.ts'

/** `rampart executions show`: what an execution did, state by state. */
export function showExecutionCommand(shell: Shell): Command {
  const command = new Command('show')
    .description('Show one execution: its states, how long each took, and how it ended')
    .argument('<execution-id>', "the execution's id")
    .option('--history', 'show every event instead')
  return command.action(async () => {
    const { api, print } = openSession(command, shell)
    const { history } = optionsOf(command, z.object({ history: z.boolean().default(false) }))
    const path = `/v1/executions/${encodeURIComponent(command.args[0] ?? '')}`
    const { body: execution } = await api.get(path, z.looseObject({}))
    const events = await api.all(`${path}/history`, historyEvent)
    const { input, output, ...summary } = execution
    const text = history ? eventTable(events) : visitTable(events)
    print(
      { ...execution, history: events },
      `${describe({ ...summary, input: json(input), output: json(output) })}\n\n${text}`,
    )
  })
}

const json = (value: unknown) => (value === undefined || typeof value === 'string' ? value : JSON.stringify(value))

function visitTable(events: readonly HistoryEvent[]): string {
  const rows = stateVisits(events).map(({ name, enteredAt, durationMs, outcome }) => [
    name,
    instant(enteredAt),
    durationMs === undefined ? '' : duration(durationMs),
    outcome,
  ])
  return table(['state', 'entered', 'took', 'outcome'], rows)
}

function eventTable(events: readonly HistoryEvent[]): string {
  const rows = events.map(({ id, timestamp, type, details }) => [String(id), timestamp, type, json(details) ?? ''])
  return table(['id', 'at', 'event', 'details'], rows)
}
