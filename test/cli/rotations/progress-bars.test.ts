import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { progressView } from '../../../cli/rotations/progress-view.ts'
import { aRotation } from './a-rotation.ts'

test('a terminal shows a bar for every wave, how full it is, and why the rotation does not move', () => {
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 120 })
  const told: string[] = []
  const view = progressView({ screen, tell: (text) => void told.push(text) }, () => '2026-03-01 13:00Z')

  view.show(aRotation())
  view.end()

  const drawn = String(screen.read())
  expect(told).toEqual([])
  expect(drawn).toContain('2026-03-01 13:00Z  To package Next is running: Too few devices have restarted')
  expect(drawn).toMatch(/validation {7}█+░+ 2\/5 {2}3 pending restart, 1 succeeded, 1 failed/)
  expect(drawn).toMatch(/wave 1 \(100 %\) {3}░+ 0\/0 {2}not started/)
})
