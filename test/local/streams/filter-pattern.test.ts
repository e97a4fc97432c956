import { expect, test } from '@jest/globals'
import { filterOf } from '../../../local/streams/filter-pattern.ts'

const record = { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'tenant#t1#device#d1' }, sk: { S: 'device' } } } }

test.each([
  ['a value', { eventName: ['INSERT'] }, true],
  ['one of several values', { eventName: ['MODIFY', 'INSERT'] }, true],
  ['another value', { eventName: ['REMOVE'] }, false],
  ['a nested value', { dynamodb: { Keys: { sk: { S: ['device'] } } } }, true],
  ['a prefix', { dynamodb: { Keys: { pk: { S: [{ prefix: 'tenant#t1#' }] } } } }, true],
  ['another prefix', { dynamodb: { Keys: { pk: { S: [{ prefix: 'tenant#t2#' }] } } } }, false],
  ['all of several fields', { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: ['group'] } } } }, false],
  ['a field that is missing', { dynamodb: { OldImage: { sk: { S: ['device'] } } } }, false],
])('compares a record with %s', (_, pattern, isWanted) => {
  expect(filterOf([pattern])(record)).toBe(isWanted)
})

test('wants a record that fits any one of the patterns, and every record where there are none', () => {
  expect(filterOf([{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }])(record)).toBe(true)
  expect(filterOf([])(record)).toBe(true)
})

test.each([
  [{ eventName: [{ exists: true }] }, "Filter comparison 'exists' at '$.eventName' is not supported"],
  [{ eventName: [{ 'anything-but': ['INSERT'] }] }, "Filter comparison 'anything-but' at '$.eventName'"],
  [{ $or: [{ eventName: ['INSERT'] }] }, "Filter comparison '$or' at '$' is not supported"],
  [{ eventName: 'INSERT' }, "Filter pattern '$.eventName' is not valid"],
])('refuses %j by name', (pattern, message) => {
  expect(() => filterOf([pattern])).toThrow(message)
})
