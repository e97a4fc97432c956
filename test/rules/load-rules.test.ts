import { describe, expect, test } from '@jest/globals'
import { InvalidInputError } from '../../domain/errors.ts'
import { gateRules } from '../../rules/gate.ts'
import { gateVocabulary } from '../../rules/gate-vocabulary.ts'
import { loadRules } from '../../rules/load-rules.ts'

const comparison = {
  name: 'too many failed',
  fact: 'devices',
  path: '$.failed',
  operator: 'greaterThan',
  value: { fact: 'devices', path: '$.succeeded' },
}

function aRule(changes: Record<string, unknown> = {}) {
  return {
    name: 'more-failures-than-successes',
    priority: 5,
    conditions: { all: [comparison] },
    event: { type: 'hold', params: { message: 'More devices failed than succeeded', remedy: 'Look at them' } },
    ...changes,
  }
}

const load = (...documents: unknown[]) => loadRules(documents, gateVocabulary)
const withComparison = (changes: Record<string, unknown>) =>
  aRule({ conditions: { all: [{ ...comparison, ...changes }] } })

test('a rule set is its rules, sorted by name', () => {
  const later = aRule({ name: 'z', priority: 7, conditions: { any: [{ not: { all: [comparison] } }] } })

  expect(load(later, aRule()).rules).toEqual([aRule(), later])
})

describe('the digest of a rule set', () => {
  test('does not depend on the order of the rules, or of their fields', () => {
    const reordered = Object.fromEntries(Object.entries(aRule({ name: 'b', priority: 9 })).reverse())

    expect(load(reordered, aRule()).digest).toBe(load(aRule(), aRule({ name: 'b', priority: 9 })).digest)
    expect(load(...gateRules.rules.toReversed()).digest).toBe(gateRules.digest)
  })

  test('changes with any change to a rule', () => {
    expect(load(aRule({ priority: 6 })).digest).not.toBe(load(aRule()).digest)
    expect(load(withComparison({ operator: 'lessThan' })).digest).not.toBe(load(aRule()).digest)
    expect(load(aRule()).digest).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('a comparison may be', () => {
  test.each([
    [{ value: 3 }],
    [{ value: { fact: 'wave', path: '$.index' } }],
    [{ operator: 'in', value: [1, 2, 3] }],
    [{ fact: 'rotation', path: '$.isPaused', operator: 'notEqual', value: { fact: 'wave', path: '$.isApproved' } }],
  ])('%j', (changes) => {
    expect(() => load(withComparison(changes))).not.toThrow()
  })
})

describe('a rule is refused', () => {
  const at = '/0/conditions/all/0'

  test.each<[string, unknown, string, string]>([
    [
      'an unknown fact',
      withComparison({ fact: 'weather' }),
      `${at}/fact`,
      "is 'weather'; expected one of rotation, wave, devices, evidence",
    ],
    [
      'a fact of another name',
      withComparison({ fact: 'toString' }),
      `${at}/fact`,
      "is 'toString'; expected one of rotation",
    ],
    [
      'an unknown path',
      withComparison({ path: '$.broken' }),
      `${at}/path`,
      "is '$.broken'; expected one of $.expected",
    ],
    [
      'a path that computes',
      withComparison({ path: '$..[?(@.x)]' }),
      `${at}/path`,
      "is '$..[?(@.x)]'; expected one of",
    ],
    [
      'a path of the prototype',
      withComparison({ path: '$.constructor' }),
      `${at}/path`,
      "is '$.constructor'; expected one of",
    ],
    [
      'an unknown operator',
      withComparison({ operator: 'contains' }),
      `${at}/operator`,
      "is 'contains'; expected one of equal",
    ],
    [
      'an order of claims',
      withComparison({ fact: 'wave', path: '$.isApproved', value: true }),
      `${at}/operator`,
      "is 'greaterThan'; expected equal or notEqual",
    ],
    ['a number as text', withComparison({ value: '3' }), `${at}/value`, "is '3'; expected a number or a fact"],
    ['no value', withComparison({ value: null }), `${at}/value`, "is 'null'; expected a number or a fact"],
    [
      'a value of another kind',
      withComparison({ value: { fact: 'wave', path: '$.isApproved' } }),
      `${at}/value/path`,
      "is '$.isApproved', a boolean; expected a number",
    ],
    [
      'a value that is an unknown fact',
      withComparison({ value: { fact: 'sky', path: '$.x' } }),
      `${at}/value/fact`,
      "is 'sky'; expected one of",
    ],
    [
      'a list without in',
      withComparison({ value: [1] }),
      `${at}/value`,
      "is '[1]'; expected an object with fact, path",
    ],
    [
      'in without a list',
      withComparison({ operator: 'in', value: 1 }),
      `${at}/value`,
      "is '1'; expected a list of at most 100 numbers",
    ],
    [
      'parameters for a fact',
      withComparison({ params: {} }),
      at,
      "has 'params'; expected only name, fact, path, operator, value",
    ],
    [
      'a comparison without a name',
      withComparison({ name: '' }),
      `${at}/name`,
      "is ''; expected a text of 1 to 300 characters",
    ],
    [
      'no conditions at all',
      aRule({ conditions: { all: [] } }),
      '/0/conditions/all',
      "is '[]'; expected a list of 1 to 20 conditions",
    ],
    [
      'two groups in one',
      aRule({ conditions: { all: [comparison], any: [comparison] } }),
      '/0/conditions',
      "has 'any'; expected only all",
    ],
    [
      'a shared condition',
      aRule({ conditions: { condition: 'x' } }),
      '/0/conditions',
      `is '{"condition":"x"}'; expected exactly one of all, any, not`,
    ],
    [
      'an event of another type',
      aRule({ event: { type: 'error', params: { message: 'm', remedy: 'r' } } }),
      '/0/event/type',
      "is 'error'; expected one of promote, hold, abort",
    ],
    ['no remedy', aRule({ event: { type: 'hold', params: { message: 'm' } } }), '/0/event/params', "lacks 'remedy'"],
    ['a priority of zero', aRule({ priority: 0 }), '/0/priority', "is '0'; expected a whole number from 1 to 1000"],
    [
      'a priority in words',
      aRule({ priority: 'high' }),
      '/0/priority',
      "is 'high'; expected a whole number from 1 to 1000",
    ],
    ['a name with spaces', aRule({ name: 'Hold it' }), '/0/name', "is 'Hold it'; expected a kebab-case name"],
    ['a hook', aRule({ onSuccess: 'x' }), '/0', "has 'onSuccess'; expected only name, priority, conditions, event"],
    ['a list', [], '/0', "is '[]'; expected an object with name, priority, conditions, event"],
    ['nothing', undefined, '/0', "is 'undefined'; expected an object"],
    ['too deep a nesting', aRule({ conditions: nested(20) }), '/0', 'is nested too deeply'],
    [
      'too much text',
      aRule({ conditions: { all: Array.from({ length: 20 }, () => ({ ...comparison, name: 'x'.repeat(900) })) } }),
      '/0',
      'at most 16384 fit',
    ],
  ])('with %s', (_, document, pointer, detail) => {
    expect(violationOf(document)).toEqual({ pointer, detail: expect.stringContaining(detail) })
  })

  test('with the name or the priority of another one', () => {
    expect(() => load(aRule(), aRule({ priority: 6 }))).toThrow("gives the name 'more-failures-than-successes' to more")
    expect(() => load(aRule(), aRule({ name: 'b' }))).toThrow("gives the priority '5' to more than one rule")
  })

  test('in a set of more than 200', () => {
    expect(() => load(...Array.from({ length: 201 }, () => aRule()))).toThrow('has 201 rules; at most 200 fit')
  })
})

function nested(levels: number): unknown {
  return levels === 0 ? comparison : { not: nested(levels - 1) }
}

function violationOf(document: unknown) {
  try {
    load(document)
  } catch (error) {
    if (error instanceof InvalidInputError) return error.violations[0]
    throw error
  }
  return undefined
}
