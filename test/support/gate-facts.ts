import type { GateFacts } from '../../domain/facts.ts'

/** Changes to the facts of a gate, part by part. */
export type GateFactChanges = { readonly [Fact in keyof GateFacts]?: Partial<GateFacts[Fact]> }

/** The facts of a wave that has shown all that its plan asks for, but for `changes`. */
export function someGateFacts(changes: GateFactChanges = {}): GateFacts {
  return {
    rotation: { isPaused: false, isAborting: false, harmedDevices: 0, ...changes.rotation },
    wave: {
      index: 1,
      soakedMinutes: 1440,
      soakMinutes: 1440,
      minOutcomePercent: 40,
      minReachedPercent: 80,
      needsApproval: false,
      isApproved: false,
      ...changes.wave,
    },
    devices: {
      expected: 100,
      reached: 90,
      pendingRestart: 30,
      unreachable: 10,
      activated: 60,
      succeeded: 60,
      failed: 0,
      unverified: 0,
      reachedPercent: 90,
      outcomePercent: 66,
      ...changes.devices,
    },
    evidence: { outcomes: 60, failures: 0, logMixture: -1, abortAtLogMixture: 4.605, ...changes.evidence },
  }
}
