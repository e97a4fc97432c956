import { isTimestamp, numberTemplate, present, results } from './fields.ts'
import type { Choice, State, WaitState } from './machine.ts'
import { type Reading, readBranch } from './read-branch.ts'
import { readFaults } from './read-faults.ts'
import { readTask } from './read-task.ts'
import type { Reader } from './reader.ts'

const leaving = ['Output', 'Assign', 'Next', 'End']
const faults = ['Retry', 'Catch']

/** Every state's own fields, `QueryLanguage` and `Comment` apart. */
const fields = {
  Pass: leaving,
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Choice: ['Output', 'Assign', 'Choices', 'Default'],
  Wait: [...leaving, 'Seconds', 'Timestamp'],
  Task: [...leaving, ...faults, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds', 'Credentials'],
  Parallel: [...leaving, ...faults, 'Arguments', 'Branches'],
  Map: [
    ...leaving,
    ...faults,
    'Items',
    'ItemSelector',
    'ItemProcessor',
    'MaxConcurrency',
    'ToleratedFailureCount',
    'ToleratedFailurePercentage',
  ],
}

/** Reads one state; undefined where it has no known type. */
export function readState(name: string, reader: Reader, reading: Reading): State | undefined {
  const type = reader.text('Type')
  if (type === undefined || !isStateType(type)) {
    reader.problem(`Type '${type}' is not supported; expected ${Object.keys(fields).join(', ')}`, 'Type')
    return undefined
  }
  reader.allowOnly(['Type', 'Comment', 'QueryLanguage', ...fields[type]])
  const common = { name, ...transition(type, reader), ...results(reader) }
  switch (type) {
    case 'Pass':
    case 'Succeed':
      return { type, ...common }
    case 'Fail':
      return {
        type,
        name,
        ...present('error', reader.template('Error')),
        ...present('cause', reader.template('Cause')),
      }
    case 'Choice':
      return { type, ...common, choices: readChoices(reader), ...present('default', reader.text('Default')) }
    case 'Wait':
      return { type, ...common, until: readUntil(reader) }
    case 'Task':
      return { type, ...common, ...readTask(reader), ...readFaults(reader) }
    case 'Parallel':
      return { type, ...common, ...readParallel(reader, reading), ...readFaults(reader) }
    case 'Map':
      return { type, ...common, ...readMap(reader, reading), ...readFaults(reader) }
  }
}

function isStateType(type: string): type is keyof typeof fields {
  return Object.hasOwn(fields, type)
}

function transition(type: keyof typeof fields, reader: Reader): { next?: string } {
  if (type === 'Choice' || type === 'Succeed' || type === 'Fail') return {}
  const ends = reader.value('End')
  if (ends !== undefined && typeof ends !== 'boolean') reader.problem('Expected value of type Boolean', 'End')
  const next = reader.text('Next')
  if ((next !== undefined) === (ends === true)) reader.problem(`Expected either 'Next' or 'End'`)
  return present('next', next)
}

function readChoices(reader: Reader): Choice[] {
  reader.require('Choices')
  return reader.objects('Choices').map((rule, at) => {
    const prefix = `Choices[${at}]/`
    rule.allowOnly(['Condition', 'Next', 'Assign', 'Output', 'Comment'])
    rule.require('Condition')
    rule.require('Next')
    const condition = rule.template('Condition', { prefix }) ?? { is: 'literal', value: false }
    if (condition.is === 'list' || condition.is === 'object') rule.problem('Expected a condition', 'Condition')
    return { condition, next: rule.text('Next') ?? '', ...results(rule, { prefix }) }
  })
}

function readUntil(reader: Reader): WaitState['until'] {
  const seconds = reader.template('Seconds')
  const timestamp = reader.template('Timestamp')
  if ((seconds === undefined) === (timestamp === undefined)) {
    reader.problem(`Expected exactly one of 'Seconds' and 'Timestamp'`)
  }
  if (seconds?.is === 'literal') reader.number('Seconds', { min: 0, max: 99_999_999 })
  if (timestamp?.is === 'literal' && !isTimestamp(timestamp.value)) {
    reader.problem('String does not match RFC3339 timestamp', 'Timestamp')
  }
  if (seconds) return { is: 'seconds', value: seconds }
  return { is: 'timestamp', value: timestamp ?? { is: 'literal', value: null } }
}

function readParallel(reader: Reader, reading: Reading) {
  reader.require('Branches')
  const branches = reader.objects('Branches').map((branch) => {
    branch.allowOnly(['StartAt', 'States', 'Comment'])
    return readBranch(branch, reading)
  })
  return { branches, ...present('arguments', reader.template('Arguments')) }
}

function readMap(reader: Reader, reading: Reading) {
  reader.require('ItemProcessor')
  const processor = reader.object('ItemProcessor')
  processor?.allowOnly(['StartAt', 'States', 'ProcessorConfig', 'Comment'])
  const mode = processor?.object('ProcessorConfig')
  mode?.allowOnly(['Mode'])
  if (mode?.has('Mode') && mode.text('Mode') !== 'INLINE') {
    mode.problem(`Mode '${mode.text('Mode')}' is not supported; expected 'INLINE'`, 'Mode')
  }
  const count = { min: 0 }
  const percentage = { min: 0, max: 100, isInteger: false }
  return {
    startAt: processor ? readBranch(processor, reading) : '',
    ...present('items', reader.template('Items')),
    ...present('itemSelector', reader.template('ItemSelector')),
    ...present('maxConcurrency', numberTemplate(reader, 'MaxConcurrency', count)),
    ...present('toleratedFailureCount', numberTemplate(reader, 'ToleratedFailureCount', count)),
    ...present('toleratedFailurePercentage', numberTemplate(reader, 'ToleratedFailurePercentage', percentage)),
  }
}
