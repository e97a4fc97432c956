import { expect, test } from '@jest/globals'
import { readMachine } from '../../../local/step-functions/definition/read-machine.ts'

const pass = { Type: 'Pass', End: true }

function problemsOf(states: object, machine: object = {}): string[] {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...machine }
  const { diagnostics } = readMachine(JSON.stringify(definition))
  return diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`)
}

test('a machine in JSONata has no problems', () => {
  expect(problemsOf({ Only: pass }, { Comment: 'one state', TimeoutSeconds: 60 })).toEqual([])
})

test('JSONPath is refused by name, in the machine and in a state', () => {
  expect(problemsOf({ Only: pass }, { QueryLanguage: 'JSONPath' })[0]).toContain(
    "QueryLanguage 'JSONPath' is not supported",
  )
  expect(problemsOf({ Only: { ...pass, QueryLanguage: 'JSONPath' } })).toHaveLength(1)
  expect(problemsOf({ Only: pass }, { QueryLanguage: undefined })[0]).toContain("'JSONPath', the default")
})

test.each([
  ['InputPath', { ...pass, InputPath: '$' }],
  ['Result', { ...pass, Result: 1 }],
  ['Retry', { ...pass, Retry: [] }],
  ['ItemReader', { Type: 'Map', End: true, ItemReader: {}, ItemProcessor: { StartAt: 'In', States: { In: pass } } }],
])('the field %s is refused by name', (name, state) => {
  expect(problemsOf({ Only: state })).toEqual([
    `SCHEMA_VALIDATION_FAILED: Field '${name}' is not supported at /States/Only`,
  ])
})

test('a distributed Map is refused by name', () => {
  const ItemProcessor = { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'In', States: { In: pass } }

  expect(problemsOf({ Each: { Type: 'Map', ItemProcessor, End: true } })).toEqual([
    "SCHEMA_VALIDATION_FAILED: Mode 'DISTRIBUTED' is not supported; expected 'INLINE' at /States/Each/ItemProcessor/ProcessorConfig/Mode",
  ])
})

test('another integration is refused by name', () => {
  const [problem] = problemsOf({ Send: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true } })

  expect(problem).toContain(
    "Resource 'arn:aws:states:::sqs:sendMessage' is not supported; expected arn:aws:states:::lambda:invoke",
  )
})

test('a bare name at the top of an expression is refused, one within a path or a filter is not', () => {
  expect(problemsOf({ Only: { ...pass, Output: { v: '{% phone %}' } } })).toEqual([
    "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/Only/Output/v",
  ])
  expect(problemsOf({ Only: { ...pass, Output: '{% $states.input.items[price > 5].name %}' } })).toEqual([])
  expect(problemsOf({ Only: { ...pass, Output: '{% $map($states.input, function($v) { $v.name }) %}' } })).toEqual([])
})

test('an expression that cannot be parsed is refused where it stands', () => {
  expect(problemsOf({ Only: { ...pass, Assign: { x: '{% 1 + %}' } } })[0]).toMatch(
    /^INVALID_JSONATA_EXPRESSION: .* at \/States\/Only\/Assign\/x$/,
  )
})

test('operators of later JSONata versions are refused', () => {
  expect(problemsOf({ Only: { ...pass, Output: '{% $states.input.a ?? 1 %}' } })).toHaveLength(1)
})

test('$states.errorOutput is refused outside of a Catch', () => {
  expect(problemsOf({ Only: { ...pass, Output: '{% $states.errorOutput %}' } })).toHaveLength(1)
})

test('a transition to a state that is not there, and a state that none leads to, are refused', () => {
  expect(problemsOf({ First: { Type: 'Pass', Next: 'Gone' }, Lonely: pass })).toEqual([
    "MISSING_TRANSITION_TARGET: Missing 'Next' target: Gone at /States/First/Next",
    "MISSING_TRANSITION_TARGET: State 'Lonely' is not reachable. at /States/Lonely",
  ])
})

test('a branch may not assign a variable of the scope around it', () => {
  const inner = { StartAt: 'In', States: { In: { ...pass, Assign: { wave: 2 } } } }
  const both = { Type: 'Parallel', Branches: [inner], End: true }

  expect(problemsOf({ Set: { Type: 'Pass', Assign: { wave: 1 }, Next: 'Both' }, Both: both })[0]).toContain(
    "Variable 'wave'",
  )
})

test('a state needs either Next or End', () => {
  expect(problemsOf({ Only: { Type: 'Pass' } })).toHaveLength(1)
  expect(problemsOf({ Only: { Type: 'Pass', End: true, Next: 'Only' } })).toHaveLength(1)
})

test('States.ALL stands alone and last', () => {
  const task = (Retry: object[]) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'f' },
    Retry,
    End: true,
  })

  expect(problemsOf({ Work: task([{ ErrorEquals: ['States.ALL', 'Busy'] }]) })).toHaveLength(1)
  expect(problemsOf({ Work: task([{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['Busy'] }]) })).toHaveLength(1)
})
