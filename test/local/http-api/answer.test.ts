import { expect, test } from '@jest/globals'
import { answerOf, integrationFailed } from '../../../local/http-api/answer.ts'

test.each([
  ['an object without a status code', { status: 'ok' }, '{"status":"ok"}'],
  ['a text', 'hello', 'hello'],
  ['nothing', null, 'null'],
])('takes %s for the body of a success', (_, payload, body) => {
  expect(answerOf(payload)).toEqual({ status: 200, headers: { 'content-type': 'application/json' }, body })
})

test('takes an object with a status code for the response', () => {
  const payload = { statusCode: 201, headers: { ETag: '"1"', 'Content-Type': 'application/json' }, body: '{}' }

  expect(answerOf(payload)).toEqual({
    status: 201,
    headers: { etag: '"1"', 'content-type': 'application/json' },
    body: '{}',
  })
})

test('sends cookies, and bytes that came as base64', () => {
  const body = Buffer.from([0, 255])
  const answer = answerOf({
    statusCode: 200,
    cookies: ['a=1', 'b=2'],
    body: body.toString('base64'),
    isBase64Encoded: true,
  })

  expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
  expect(answer.body).toEqual(body)
})

test.each([
  ['a status code that is none', { statusCode: 'fine' }],
  ['a body that is no text', { statusCode: 200, body: {} }],
])('answers with an internal error to %s', (_, payload) => {
  expect(answerOf(payload)).toBe(integrationFailed)
})
