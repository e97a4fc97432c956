import { present, results } from './fields.ts'
import type { Catcher, Faultable, Retrier } from './machine.ts'
import type { Reader } from './reader.ts'

const longestSeconds = 99_999_999

/** Reads the `Retry` and `Catch` of a state. */
export function readFaults(reader: Reader): Faultable {
  const retriers = reader.objects('Retry')
  const catchers = reader.objects('Catch')
  checkAllIsLast(retriers)
  checkAllIsLast(catchers)
  return { retry: retriers.map(readRetrier), catch: catchers.map(readCatcher) }
}

function readRetrier(reader: Reader): Retrier {
  const names = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy']
  reader.allowOnly([...names, 'Comment'])
  reader.require('ErrorEquals')
  const jitter = reader.text('JitterStrategy') ?? 'NONE'
  if (jitter !== 'NONE' && jitter !== 'FULL') {
    reader.problem(`JitterStrategy '${jitter}' is not supported; expected 'FULL' or 'NONE'`, 'JitterStrategy')
  }
  const maxDelaySeconds = reader.number('MaxDelaySeconds', { min: 1, max: 31_622_399 })
  const intervalSeconds = reader.number('IntervalSeconds', { min: 1, max: longestSeconds }) ?? 1
  if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds) {
    reader.problem(`MaxDelaySeconds must be greater than IntervalSeconds`, 'MaxDelaySeconds')
  }
  return {
    errorEquals: reader.texts('ErrorEquals'),
    intervalSeconds,
    maxAttempts: reader.number('MaxAttempts', { min: 0, max: longestSeconds }) ?? 3,
    backoffRate: reader.number('BackoffRate', { min: 1, isInteger: false }) ?? 2,
    hasFullJitter: jitter === 'FULL',
    ...present('maxDelaySeconds', maxDelaySeconds),
  }
}

function readCatcher(reader: Reader, at: number): Catcher {
  reader.allowOnly(['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'])
  reader.require('ErrorEquals')
  reader.require('Next')
  return {
    errorEquals: reader.texts('ErrorEquals'),
    next: reader.text('Next') ?? '',
    ...results(reader, { prefix: `Catch[${at}]/`, catches: true }),
  }
}

/** `States.ALL` stands alone in its list, and in the last one. */
function checkAllIsLast(readers: readonly Reader[]): void {
  for (const [at, reader] of readers.entries()) {
    const errors = reader.has('ErrorEquals') ? reader.texts('ErrorEquals') : ['']
    if (errors.length === 0) reader.problem('Expected at least one error name', 'ErrorEquals')
    if (!errors.includes('States.ALL')) continue
    if (errors.length > 1) reader.problem(`'States.ALL' must stand alone`, 'ErrorEquals')
    if (at < readers.length - 1) reader.problem(`'States.ALL' must be in the last element`, 'ErrorEquals')
  }
}
