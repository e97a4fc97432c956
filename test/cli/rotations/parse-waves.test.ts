import { describe, expect, test } from '@jest/globals'
import { parseWaves } from '../../../cli/rotations/parse-waves.ts'

describe('the waves of a command', () => {
  test('are percents, and counts where a d follows', () => {
    expect(parseWaves('5,25,100')).toEqual([{ percent: 5 }, { percent: 25 }, { percent: 100 }])
    expect(parseWaves('50d,12.5,100')).toEqual([{ count: 50 }, { percent: 12.5 }, { percent: 100 }])
  })

  test.each([
    ['', "'' is no wave"],
    ['5,,100', "'' is no wave"],
    ['5%,100', "'5%' is no wave"],
    ['1.5d,100', "'1.5' is no count"],
    ['50,25,100', "'25' does not rise"],
    ['5,50', 'expected 100 percent'],
    ['5,101', "'101' is no percent"],
  ])('%j are refused: %s', (text, expected) => {
    expect(() => parseWaves(text)).toThrow(expected)
  })
})
