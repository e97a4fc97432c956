import { expect, test } from '@jest/globals'
import { checkNesting } from '../../domain/check-nesting.ts'

test('lets values pass that are nested as deeply as allowed', () => {
  expect(checkNesting({ a: [{ b: 'c' }] }, 3)).toBeUndefined()
  expect(checkNesting('text', 0)).toBeUndefined()
})

test('finds what is nested more deeply, however deep it goes', () => {
  const bottomless: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))

  expect(checkNesting({ a: [{ b: 'c' }] }, 2)).toBe('is nested too deeply')
  expect(checkNesting(bottomless, 8)).toBe('is nested too deeply')
})

test.each(['__proto__', 'constructor', 'prototype'])('names the key %s wherever it stands', (key) => {
  const value: unknown = JSON.parse(`{"a":[{"${key}":1}]}`)

  expect(checkNesting(value, 8)).toBe(`has the key '${key}', which is not allowed`)
})
