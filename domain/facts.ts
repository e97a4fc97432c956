/** The facts that gate rules may look at. A rule that names another fact is refused when it is loaded. */
export interface GateFacts {
  readonly rotation: {
    readonly isPaused: boolean
    readonly isAborting: boolean
    /** Devices of any wave that failed or stayed unverified at any time. */
    readonly harmedDevices: number
  }
  readonly wave: {
    /** 0 is the validation wave. */
    readonly index: number
    readonly soakedMinutes: number
    readonly soakMinutes: number
    readonly minOutcomePercent: number
    readonly minReachedPercent: number
    readonly needsApproval: boolean
    readonly isApproved: boolean
  }
  /** Devices of the wave, by where they stand. */
  readonly devices: {
    readonly expected: number
    /** Expected devices that checked in since the wave was entered and are not unreachable. */
    readonly reached: number
    readonly pendingRestart: number
    readonly unreachable: number
    readonly activated: number
    readonly succeeded: number
    readonly failed: number
    readonly unverified: number
    readonly reachedPercent: number
    /** Share of the reached devices that have an outcome. */
    readonly outcomePercent: number
  }
  /** What all outcomes of the rotation so far say about the package. */
  readonly evidence: {
    readonly outcomes: number
    readonly failures: number
    /** ln E of the mixture sequential test against the baseline failure rate. */
    readonly logMixture: number
    /** The package is refused at or above it: ln(1 / false-abort probability). */
    readonly abortAtLogMixture: number
  }
}

/** Every fact a gate rule may name. */
export const gateFactNames = ['rotation', 'wave', 'devices', 'evidence'] as const

/** What a gate rule may decide. */
export const gateEventTypes = ['promote', 'hold', 'abort'] as const

/** The operators that rules may use, all of json-rules-engine. */
export const ruleOperators = [
  'equal',
  'notEqual',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
  'in',
  'notIn',
] as const
