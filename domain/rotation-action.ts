import { minutesBetween } from './instants.ts'
import type { Rotation, RotationAction, Wave } from './rotation.ts'
import { next } from './rotation-steps.ts'

/** What an operator's action makes of a rotation and of the wave it is in; `whyNot` must have allowed it. */
export function act(
  action: RotationAction,
  { rotation, wave, reason, now }: { rotation: Rotation; wave: Wave | undefined; reason: string; now: string },
): { rotation: Rotation; wave: Wave | undefined } {
  switch (action) {
    case 'pause':
      return { rotation: next(rotation, { status: 'paused', stateReason: reason, pausedAt: now }), wave: undefined }
    case 'resume':
      return {
        rotation: next(rotation, { status: 'running', stateReason: reason, pausedAt: undefined }),
        wave: wave?.state === 'active' ? afterPause(wave, rotation, now) : undefined,
      }
    case 'approve':
      return {
        rotation: next(rotation, { approvedWaves: [...new Set([...rotation.approvedWaves, rotation.currentWave])] }),
        wave: undefined,
      }
    case 'abort':
      return {
        rotation: next(rotation, { status: 'aborting', stateReason: reason, pausedAt: undefined }),
        wave: undefined,
      }
  }
}

/** Time spent paused counts to no deadline. */
function afterPause(wave: Wave, { pausedAt = '' }: Rotation, now: string): Wave {
  const pausedSinceAt = pausedAt > wave.enteredAt ? pausedAt : wave.enteredAt
  return { ...wave, pausedMinutes: wave.pausedMinutes + minutesBetween(pausedSinceAt, now) }
}
