import { describe, expect, test } from '@jest/globals'
import { changes } from '../../../cli/rotations/changes.ts'
import { waveName } from '../../../cli/rotations/rotation.ts'
import { rotationText } from '../../../cli/rotations/rotation-text.ts'
import { waveProgress } from '../../../cli/rotations/wave-progress.ts'
import { aRotation, aWave } from './a-rotation.ts'

describe('a rotation on the command line', () => {
  test('says why it does not move: what it waits for, since when, what ends that, and what the gate saw', () => {
    expect(rotationText(aRotation())).toMatchInlineSnapshot(`
"rotation      To package Next (rotation-1)
status        running: Watching the validation wave
started       2026-03-01 12:00Z
waits for     Too few devices have restarted, since 2026-03-01 12:05Z
what ends it  more devices have restarted
latest gate   hold by rule hold-for-outcomes, 2026-03-01 13:00Z
              Too few devices have restarted
              Wait for devices to restart
              devices: expected 5, outcome percent 33.333
              rotation: is paused false
devices       3 pending restart, 1 succeeded, 1 failed
harmed        1 devices
execution     PayloadRotation:rotation-1

WAVE            STATE    ENTERED            ENDED  EXPECTED  DEVICES
validation      active   2026-03-01 12:05Z         5         3 pending restart, 1 succeeded, 1 failed
wave 1 (100 %)  pending"
`)
  })

  test('says how long it took once it is over', () => {
    const over = aRotation({ status: 'completed', endedAt: '2026-03-04T14:00:00.000Z', waitingFor: undefined })

    expect(rotationText(over)).toContain('2026-03-04 14:00Z, after 3 d 2 h')
  })

  test('names its waves by their number and what they aim at', () => {
    expect(waveName(aWave())).toBe('validation')
    expect(waveName(aWave({ wave: 1, target: { percent: 5 } }))).toBe('wave 1 (5 %)')
    expect(waveName(aWave({ wave: 2, target: { count: 50 } }))).toBe('wave 2 (50 devices)')
  })

  test('counts the outcomes of a wave among its devices, harmed ones once', () => {
    expect(waveProgress(aWave())).toEqual({
      name: 'validation',
      decided: 2,
      devices: 5,
      detail: '3 pending restart, 1 succeeded, 1 failed',
    })
    expect(waveProgress(aWave({ enteredAt: undefined, devices: {} })).detail).toBe('not started')
  })
})

describe('the changes of a rotation', () => {
  test('are none where nothing changed, whatever its devices do meanwhile', () => {
    const busier = aRotation({ waves: [aWave({ devices: { succeeded: 5 } })] })

    expect(changes(aRotation(), busier)).toEqual([])
  })

  test('begin with how it stands', () => {
    expect(changes(undefined, aRotation())).toEqual([
      'validation is active: 3 pending restart, 1 succeeded, 1 failed; 1 harmed',
      'the gate says hold (hold-for-outcomes): Too few devices have restarted',
      'To package Next is running: Watching the validation wave',
    ])
  })

  test('tell of a wave that ended and of a status that it led to', () => {
    const aborted = aRotation({ status: 'rolling_back', stateReason: 'It fails', waves: [aWave({ state: 'aborted' })] })

    expect(changes(aRotation(), aborted)).toEqual([
      'validation is aborted: 3 pending restart, 1 succeeded, 1 failed; 1 harmed',
      'To package Next is rolling back: It fails',
    ])
  })
})
