import { execFile } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { textOf } from '../../bench/report.ts'

test('a table has a title, and columns as wide as they must be', () => {
  const table = {
    title: 'Speed',
    columns: ['engine', 'transitions/s'],
    rows: [
      ['one', 12_345.6],
      ['another', 1.234],
    ],
  }

  expect(textOf(table)).toBe(`Speed

engine   transitions/s
-------  -------------
one             12,346
another           1.23`)
})

test('a benchmark that does not exist is refused by its name', async () => {
  const ended = await new Promise<{ code: unknown; errors: string }>((resolve) => {
    execFile(process.execPath, ['bench/run.ts', 'conflicts'], (error, _, errors) =>
      resolve({ code: error?.code, errors }),
    )
  })

  expect(ended).toEqual({
    code: 2,
    errors: "'conflicts' names no benchmark; expected one of check-in, cold-start, engine\n",
  })
})
