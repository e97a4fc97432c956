import { expect, test } from '@jest/globals'
import { median, medianTaken, takeInTurns } from '../../bench/measure.ts'

test('the median is the middle figure, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 3])).toBe(4)
  expect(() => median([])).toThrow('There is no median of no numbers')
})

test('the median of what was taken is that of each figure by itself', () => {
  const taken = [
    { wallMs: 1, cpuMs: 30 },
    { wallMs: 2, cpuMs: 10 },
    { wallMs: 3, cpuMs: 20 },
  ]

  expect(medianTaken(taken)).toEqual({ wallMs: 2, cpuMs: 20 })
})

test('every piece of work takes its turn in every round, and each round starts with another one', async () => {
  const order: string[] = []
  const works = ['a', 'b', 'c'].map((name) => async () => void order.push(name))

  const taken = await takeInTurns(works, { rounds: 2, warmUps: 1 })

  expect(order.join(' ')).toBe('a b c b c a c a b')
  expect(taken).toHaveLength(3)
})
