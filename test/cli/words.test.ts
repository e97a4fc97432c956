import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { facts, table } from '../../cli/table.ts'
import { counts, duration, instant, words } from '../../cli/words.ts'

describe('what is printed', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [90_000_000, '1 d 1 h'],
    [90_000_000 + 59_000, '1 d 1 h'],
  ])('says of %i ms that it is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })

  test('has instants to the minute', () => {
    expect(instant('2026-03-01T12:34:56.789Z')).toBe('2026-03-01 12:34Z')
    expect(instant(undefined)).toBe('')
  })

  test('has names as words', () => {
    expect([words('pending_restart'), words('pendingRestart'), words('active')]).toEqual([
      'pending restart',
      'pending restart',
      'active',
    ])
  })

  test('leaves out what there is none of', () => {
    expect(counts({ succeeded: 12, failed: 0, pending_restart: 3 })).toBe('12 succeeded, 3 pending restart')
  })

  test('aligns the columns of a table', () => {
    expect(
      table(
        ['name', 'id'],
        [
          ['a long one', '1'],
          ['b', '22'],
        ],
      ).split('\n'),
    ).toEqual(['NAME        ID', 'a long one  1', 'b           22'])
    expect(table(['name'], [])).toBe('None')
  })

  test('begins every cell of a column at the same place', () => {
    const cell = fc.stringMatching(/^[a-z]{1,9}$/)

    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const lines = table(['first', 'second'], rows).split('\n')
        const start = lines[0]?.indexOf('SECOND') ?? 0

        expect(lines.slice(1).map((line) => line.slice(start))).toEqual(rows.map(([, second]) => second))
      }),
    )
  })

  test('aligns values, the further lines of one below its first, and leaves out what is absent', () => {
    expect(facts({ a: 'one\ntwo', long: undefined, longer: 'x' })).toBe('a       one\n        two\nlonger  x')
  })
})
