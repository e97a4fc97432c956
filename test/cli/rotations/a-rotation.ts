import type { Rotation, Wave } from '../../../cli/rotations/rotation.ts'

/** A rotation as the API shows it, which waits at the gate of its validation wave. */
export function aRotation(overrides: Partial<Rotation> = {}): Rotation {
  return {
    rotationId: 'rotation-1',
    name: 'To package Next',
    oldPolicyId: 'policy-old',
    newPolicyId: 'policy-new',
    packageId: 'package-next',
    status: 'running',
    stateReason: 'Watching the validation wave',
    currentWave: 0,
    createdAt: '2026-03-01T12:00:00.000Z',
    executionId: 'PayloadRotation:rotation-1',
    harmedDevices: 1,
    devices: { pending_restart: 3, succeeded: 1, failed: 1, harmed: 1 },
    waitingFor: {
      kind: 'gate',
      sinceAt: '2026-03-01T12:05:00.000Z',
      cause: 'Too few devices have restarted',
      endsWhen: 'more devices have restarted',
    },
    waves: [aWave(), { wave: 1, target: { percent: 100 }, state: 'pending', devices: {} }],
    latestDecision: {
      decision: 'hold',
      rule: 'hold-for-outcomes',
      message: 'Too few devices have restarted',
      remedy: 'Wait for devices to restart',
      wave: 0,
      decidedAt: '2026-03-01T13:00:00.000Z',
      facts: { devices: { expected: 5, outcomePercent: 33.333333 }, rotation: { isPaused: false } },
    },
    ...overrides,
  }
}

/** A validation wave under way. */
export function aWave(overrides: Partial<Wave> = {}): Wave {
  return {
    wave: 0,
    state: 'active',
    expectedDevices: 5,
    enteredAt: '2026-03-01T12:05:00.000Z',
    devices: { pending_restart: 3, succeeded: 1, failed: 1, harmed: 1 },
    ...overrides,
  }
}
