import { Cron } from 'croner'

/**
 * When a schedule is due next after `afterMs`; undefined when it never is again.
 *
 * Takes what EventBridge Scheduler takes: `rate(5 minutes)`, `cron(0 3 ? * MON-FRI *)` with its year at the end and
 * its weekdays counted from Sunday = 1, and `at(2026-11-20T13:00:00)`. The last two read the clock of `timeZone`.
 * A rate's runs are aligned to the epoch, so that they stay where they are when the runtime starts anew.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nextTime(expression: string, timeZone: string, afterMs: number): number | undefined {
  const [, kind = '', argument = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? []
  if (kind === 'rate') return nextOfRate(expression, argument, afterMs)
  if (kind === 'cron') return nextOfPattern(cronPattern(expression, argument), timeZone, afterMs)
  if (kind === 'at') return nextOfPattern(argument, timeZone, afterMs)
  throw new Error(`Schedule expression '${expression}' is not supported; expected rate(...), cron(...) or at(...)`)
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

function nextOfRate(expression: string, argument: string, afterMs: number): number {
  const [, value = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(argument) ?? []
  if (unit !== 'minute' && unit !== 'hour' && unit !== 'day')
    throw new Error(`Rate '${expression}' is not valid; expected a whole number of minutes, hours or days`)
  const intervalMs = Number(value) * unitMs[unit]
  return (Math.floor(afterMs / intervalMs) + 1) * intervalMs
}

function nextOfPattern(pattern: string, timezone: string, afterMs: number): number | undefined {
  const cron = new Cron(pattern, { timezone, paused: true, sloppyRanges: true })
  return cron.nextRun(new Date(afterMs))?.getTime()
}

/** The same pattern in the form that croner reads: seconds first, weekdays from Sunday = 0. */
function cronPattern(expression: string, argument: string): string {
  const fields = argument.trim().split(/\s+/)
  const [minute, hour, dayOfMonth, month, dayOfWeek = '', year] = fields
  if (fields.length !== 6) throw new Error(`Pattern '${expression}' is not valid; expected 6 fields, the year last`)
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new Error(`Pattern '${expression}' is not valid; expected '?' for either the day of month or the weekday`)
  return ['0', minute, hour, dayOfMonth, month, weekdaysFromZero(dayOfWeek), year].join(' ')
}

/** Counts weekdays down by one, but not the number after `#` or `/`, which counts weeks or steps. */
function weekdaysFromZero(field: string): string {
  return field.replaceAll(/(?<![#/\d])\d/g, (day) => String(Number(day) - 1))
}
