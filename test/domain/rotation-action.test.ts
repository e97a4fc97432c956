import { expect, test } from '@jest/globals'
import { laterBy } from '../../domain/instants.ts'
import { isOver, rotationActions, rotationStatuses, whyNot } from '../../domain/rotation.ts'
import { act } from '../../domain/rotation-action.ts'
import { aRotation, aWave, noon } from '../support/builders.ts'

const reason = 'maintenance'

test('every action is refused once a rotation is over, with a sentence that says what it must be', () => {
  for (const status of rotationStatuses.filter((each) => isOver({ status: each }))) {
    for (const action of rotationActions)
      expect(whyNot(action, { status })).toMatch(/^Can't \w+ a \w+ rotation; it must be/)
  }
})

test('an abort is accepted until the rotation is over or aborted already', () => {
  const accepting = rotationStatuses.filter((status) => whyNot('abort', { status }) === undefined)

  expect(accepting).toEqual(['scheduled', 'running', 'paused', 'decommissioning'])
})

test('time spent paused does not count as soak', () => {
  const paused = aRotation({ status: 'paused', pausedAt: laterBy(noon, { hours: 2 }) })

  const resumed = act('resume', {
    rotation: paused,
    wave: aWave({ pausedMinutes: 30 }),
    reason,
    now: laterBy(noon, { hours: 5 }),
  })

  expect(resumed.rotation).toMatchObject({ status: 'running', pausedAt: undefined, revision: 2 })
  expect(resumed.wave?.pausedMinutes).toBe(30 + 180)
})

test('a pause that began before the wave counts from when the wave was entered', () => {
  const paused = aRotation({ status: 'paused', pausedAt: laterBy(noon, { hours: -5 }) })

  expect(
    act('resume', { rotation: paused, wave: aWave(), reason, now: laterBy(noon, { hours: 1 }) }).wave?.pausedMinutes,
  ).toBe(60)
})

test('approving a wave twice is approving it once', () => {
  const { rotation } = act('approve', { rotation: aRotation({ currentWave: 2 }), wave: aWave(), reason, now: noon })

  expect(act('approve', { rotation, wave: aWave(), reason, now: noon }).rotation.approvedWaves).toEqual([2])
})
