import { z } from 'zod'

/** An event of an execution's history, as the API shows it. */
export const historyEvent = z.looseObject({
  id: z.number(),
  type: z.string(),
  timestamp: z.string(),
  details: z.looseObject({ name: z.string().optional(), error: z.string().optional() }).optional(),
})

export type HistoryEvent = z.infer<typeof historyEvent>

/** One stay of an execution in a state. */
export interface StateVisit {
  readonly name: string
  readonly enteredAt: string
  /** Absent while the execution is in the state. */
  readonly durationMs: number | undefined
  readonly outcome: string
}

/** Every state that an execution was in, in order, with how it left it. */
export function stateVisits(events: readonly HistoryEvent[]): StateVisit[] {
  const visits: Visit[] = []
  for (const event of events) {
    const open = visits.find(({ leftAt }) => leftAt === undefined)
    if (event.type.endsWith('StateEntered')) visits.push(entered(event))
    else if (open) note(open, event)
  }
  return visits.map(({ name, enteredAt, leftAt, failures, outcome }) => ({
    name,
    enteredAt,
    durationMs: leftAt === undefined ? undefined : Date.parse(leftAt) - Date.parse(enteredAt),
    outcome: [outcome, ...failuresText(failures)].join(', '),
  }))
}

interface Visit {
  readonly name: string
  readonly enteredAt: string
  leftAt: string | undefined
  outcome: string
  /** The errors of its attempts. */
  readonly failures: string[]
  isFailing: boolean
}

function entered({ details, timestamp }: HistoryEvent): Visit {
  const name = details?.name ?? '?'
  return { name, enteredAt: timestamp, leftAt: undefined, outcome: 'running', failures: [], isFailing: false }
}

/** Takes note of an event that befell the execution in the state. */
function note(visit: Visit, { type, timestamp, details }: HistoryEvent): void {
  const end = executionEnds[type]
  if (end !== undefined) leave(visit, timestamp, end)
  else if (type.endsWith('StateExited')) leave(visit, timestamp, visit.isFailing ? 'failed, caught' : 'succeeded')
  else if (/(Failed|TimedOut)$/.test(type)) {
    visit.failures.push(details?.error ?? type)
    visit.isFailing = true
  } else if (type.endsWith('Succeeded')) visit.isFailing = false
}

const executionEnds: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'succeeded',
  ExecutionFailed: 'failed',
  ExecutionTimedOut: 'timed out',
  ExecutionAborted: 'aborted',
}

function leave(visit: Visit, at: string, outcome: string): void {
  visit.leftAt = at
  visit.outcome = outcome
}

function failuresText(failures: readonly string[]): string[] {
  if (failures.length === 0) return []
  const count = failures.length === 1 ? 'one failed attempt' : `${failures.length} failed attempts`
  return [`${count} (${[...new Set(failures)].join(', ')})`]
}
