import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import jsonata from 'jsonata'
import type { Json } from '../../../local/step-functions/json.ts'
import { parseExpression } from '../../../local/step-functions/query/expression.ts'
import { fastPath, slow } from '../../../local/step-functions/query/fast-path.ts'
import { parse } from '../../../local/step-functions/query/syntax.ts'
import { evaluateTemplate, run, templateOf } from '../../../local/step-functions/query/template.ts'

function scopeOf(input: Json, variables: Readonly<Record<string, Json>> = {}) {
  return { states: { input, context: {} }, variables, nowMs: Date.parse('2027-03-01T08:00:00Z') }
}

async function evaluate(text: string, input: Json = null): Promise<Json> {
  return parseExpression(text).evaluate(scopeOf(input), 'Output')
}

const names = fc.constantFrom('a', 'b', 'c')
const values = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1, 2.5, -3, '', 'x', 'y'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
})).value
const operands = fc.oneof(
  names.map((name) => `$${name}`),
  fc.array(names, { maxLength: 3 }).map((path) => ['$states.input', ...path].join('.')),
  fc.constantFrom('1', '2.5', '"x"', 'true', 'null'),
)
const operators = fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'and', 'or', '+', '-', '*', '&')
const expressions = fc.oneof(
  operands,
  fc.tuple(operands, operators, operands).map((parts) => parts.join(' ')),
  fc.tuple(operands, operands, operands).map(([condition, then, otherwise]) => `${condition} ? ${then} : ${otherwise}`),
)

test('what is evaluated without the library gives what the library gives', async () => {
  const variables = fc.dictionary(names, values, { maxKeys: 3 })
  let fastCount = 0
  await fc.assert(
    fc.asyncProperty(expressions, values, variables, async (text, input, bound) => {
      const scope = scopeOf(input, bound)
      const value = fastPath(parse(text).ast())?.(scope) ?? undefined
      if (value === slow || value === undefined) return
      fastCount++
      const expected: unknown = await jsonata(text).evaluate(undefined, { ...bound, states: scope.states })
      expect(JSON.stringify(value)).toBe(JSON.stringify(expected))
    }),
    { numRuns: 1500 },
  )
  expect(fastCount).toBeGreaterThan(200)
})

test.each([
  ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
  ['$range(0, 10, 5)', [0, 5, 10]],
  ['$range(5, 5, 1)', 5],
  ['$range(3, 1, -1)', [3, 2, 1]],
  ['$hash("abc", "MD5")', '900150983cd24fb0d6963f7d28e17f72'],
  ['$random(42)', 0.7275636800328681],
  ['$parse("{\\"a\\":[1]}")', { a: [1] }],
  ['$now()', '2027-03-01T08:00:00.000Z'],
  ['$millis()', Date.parse('2027-03-01T08:00:00Z')],
  ['1/0', 'Infinity'],
])('%s gives %j', async (text, expected) => {
  expect(await evaluate(text)).toEqual(expected)
})

test('$uuid gives a new version 4 UUID each time', async () => {
  const [one, other] = [await evaluate('$uuid()'), await evaluate('$uuid()')]

  expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(one).not.toBe(other)
})

test('$eval is no function', async () => {
  await expect(evaluate('$eval("1")')).rejects.toThrow('T1006: Attempted to invoke a non-function')
})

test.each([
  ['a recursion without end', '($f := function($n) { $f($n + 1) }; $f(0))'],
  ['an enormous list', '[1..900000]'],
  ['an enormous range', '$range(1, 9000000, 1)'],
  ['a sum of 200 terms', Array.from({ length: 200 }, () => '1').join('+')],
])('%s is stopped', async (_, text) => {
  const parsed = parseExpression(text)
  const evaluated = async () => parsed.evaluate(scopeOf(null), 'Output')

  await expect(evaluated()).rejects.toThrow('threw an error during evaluation')
})

test('a function is no result', async () => {
  await expect(evaluate('function($x) { $x }')).rejects.toThrow('returned an unsupported result type.')
})

test('what an expression gives is plain JSON that further expressions treat alike', async () => {
  const first = await evaluate('$states.input[$ > 1]', [1, 2, 3])

  expect(Object.getOwnPropertyNames(first)).toEqual(['0', '1', 'length'])
})

test('a template is evaluated at any depth of its values, never in its keys', async () => {
  const value = { '{% 1 %}': [' {% 1 %}', '{% 1 + 1 %}', { deep: '{% $states.input.a %}' }], plain: '$x' }
  const template = templateOf(value, 'Output', (text) => parseExpression(text))

  expect(await run(evaluateTemplate(template, scopeOf({ a: 'b' })))).toEqual({
    '{% 1 %}': [' {% 1 %}', 2, { deep: 'b' }],
    plain: '$x',
  })
})
