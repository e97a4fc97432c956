import { describe, expect, test } from '@jest/globals'
import { type HistoryEvent, stateVisits } from '../../../cli/executions/state-visits.ts'

/** A history whose events are a second apart. */
const history = (...events: readonly (readonly [type: string, details?: HistoryEvent['details']])[]): HistoryEvent[] =>
  events.map(([type, details], index) => ({
    id: index + 1,
    type,
    timestamp: `2026-03-01T12:00:0${index}.000Z`,
    details,
  }))

describe('the states of an execution', () => {
  test('have their durations and how they ended', () => {
    const events = history(
      ['ExecutionStarted'],
      ['TaskStateEntered', { name: 'Prepare' }],
      ['TaskScheduled'],
      ['TaskSucceeded'],
      ['TaskStateExited', { name: 'Prepare' }],
      ['TaskStateEntered', { name: 'AwaitGate' }],
    )

    expect(stateVisits(events)).toEqual([
      { name: 'Prepare', enteredAt: '2026-03-01T12:00:01.000Z', durationMs: 3000, outcome: 'succeeded' },
      { name: 'AwaitGate', enteredAt: '2026-03-01T12:00:05.000Z', durationMs: undefined, outcome: 'running' },
    ])
  })

  test('tell of attempts that failed before one succeeded', () => {
    const events = history(
      ['TaskStateEntered', { name: 'Prepare' }],
      ['TaskFailed', { error: 'UnavailableError' }],
      ['TaskFailed', { error: 'UnavailableError' }],
      ['TaskSucceeded'],
      ['TaskStateExited', { name: 'Prepare' }],
    )

    expect(stateVisits(events).map(({ outcome }) => outcome)).toEqual([
      'succeeded, 2 failed attempts (UnavailableError)',
    ])
  })

  test('tell of a failure that was caught, and of one that ended the execution', () => {
    const events = history(
      ['TaskStateEntered', { name: 'Prepare' }],
      ['TaskFailed', { error: 'InvalidInputError' }],
      ['TaskStateExited', { name: 'Prepare' }],
      ['TaskStateEntered', { name: 'RollBack' }],
      ['TaskTimedOut', { error: 'States.Timeout' }],
      ['ExecutionFailed'],
    )

    expect(stateVisits(events).map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
      'Prepare: failed, caught, one failed attempt (InvalidInputError)',
      'RollBack: failed, one failed attempt (States.Timeout)',
    ])
  })

  test('are those of the whole history, in its order', () => {
    const names = ['A', 'B', 'A']
    const events = history(
      ...names.flatMap((name) => [['PassStateEntered', { name }] as const, ['PassStateExited', { name }] as const]),
      ['ExecutionSucceeded'],
    )

    expect(stateVisits(events).map(({ name }) => name)).toEqual(names)
  })
})
