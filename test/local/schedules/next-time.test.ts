import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { nextTime } from '../../../local/schedules/next-time.ts'

const after = Date.parse('2026-11-20T13:07:00Z') // a Friday

function next(expression: string, timeZone = 'UTC') {
  const timeMs = nextTime(expression, timeZone, after)
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString()
}

test.each([
  ['rate(5 minutes)', '2026-11-20T13:10:00.000Z'],
  ['rate(1 hour)', '2026-11-20T14:00:00.000Z'],
  ['rate(1 day)', '2026-11-21T00:00:00.000Z'],
  ['cron(0 3 * * ? *)', '2026-11-21T03:00:00.000Z'],
  ['cron(0 3 ? * MON-FRI *)', '2026-11-23T03:00:00.000Z'],
  ['cron(0 3 ? * 2-6 *)', '2026-11-23T03:00:00.000Z'],
  ['cron(0 3 ? * 1 *)', '2026-11-22T03:00:00.000Z'],
  ['cron(0 3 ? * 6#1 *)', '2026-12-04T03:00:00.000Z'],
  ['cron(0 3 L * ? *)', '2026-11-30T03:00:00.000Z'],
  ['cron(0/20 13 * * ? *)', '2026-11-20T13:20:00.000Z'],
  ['cron(0 3 1 1 ? 2028)', '2028-01-01T03:00:00.000Z'],
  ['cron(0 3 1 1 ? 2025)', undefined],
  ['at(2026-11-21T08:30:00)', '2026-11-21T08:30:00.000Z'],
  ['at(2026-11-19T08:30:00)', undefined],
])('%s is due next at %s', (expression, due) => {
  expect(next(expression)).toBe(due)
})

test('reads the clock of the time zone', () => {
  expect(next('cron(0 3 * * ? *)', 'America/New_York')).toBe('2026-11-21T08:00:00.000Z')
  expect(next('at(2026-11-21T08:30:00)', 'Europe/Berlin')).toBe('2026-11-21T07:30:00.000Z')
})

test.each([
  ['every(5 minutes)', "Schedule expression 'every(5 minutes)' is not supported"],
  ['rate(0 minutes)', "Rate 'rate(0 minutes)' is not valid"],
  ['rate(5 weeks)', "Rate 'rate(5 weeks)' is not valid"],
  ['cron(0 3 * * ?)', "Pattern 'cron(0 3 * * ?)' is not valid; expected 6 fields"],
  ['cron(0 3 * * * *)', "expected '?' for either the day of month or the weekday"],
])('refuses %s', (expression, message) => {
  expect(() => next(expression)).toThrow(message)
})

test('is always due later than now, and the same from anywhere before it', () => {
  const expressions = fc.constantFrom('rate(7 minutes)', 'cron(15 10 ? * MON-FRI *)', 'cron(0 0 1 * ? *)')
  const instants = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) })
  fc.assert(
    fc.property(expressions, instants, fc.double({ min: 0, max: 1, noNaN: true }), (expression, afterMs, share) => {
      const dueMs = nextTime(expression, 'Europe/Berlin', afterMs) ?? 0
      expect(dueMs).toBeGreaterThan(afterMs)
      const between = Math.floor(afterMs + share * (dueMs - 1 - afterMs))
      expect(nextTime(expression, 'Europe/Berlin', between)).toBe(dueMs)
    }),
  )
})
