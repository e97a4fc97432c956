import { type GateFacts, gateEventTypes, gateFactNames } from '../domain/facts.ts'
import type { FactPaths, RuleVocabulary } from './rule.ts'

type KindsOf<Fact> = { readonly [Path in keyof Fact]: Fact[Path] extends boolean ? 'boolean' : 'number' }

/** What each gate fact holds. Its type follows `GateFacts`, so neither can gain a field that the other lacks. */
const gateFactPaths: { readonly [Name in keyof GateFacts]: KindsOf<GateFacts[Name]> } = {
  rotation: { isPaused: 'boolean', isAborting: 'boolean', harmedDevices: 'number' },
  wave: {
    index: 'number',
    soakedMinutes: 'number',
    soakMinutes: 'number',
    minOutcomePercent: 'number',
    minReachedPercent: 'number',
    needsApproval: 'boolean',
    isApproved: 'boolean',
  },
  devices: {
    expected: 'number',
    reached: 'number',
    pendingRestart: 'number',
    unreachable: 'number',
    activated: 'number',
    succeeded: 'number',
    failed: 'number',
    unverified: 'number',
    reachedPercent: 'number',
    outcomePercent: 'number',
  },
  evidence: { outcomes: 'number', failures: 'number', logMixture: 'number', abortAtLogMixture: 'number' },
}

/** What gate rules may look at and decide. */
export const gateVocabulary: RuleVocabulary<(typeof gateEventTypes)[number]> = {
  facts: new Map(
    gateFactNames.map((name): [string, FactPaths] => [name, new Map(Object.entries(gateFactPaths[name]))]),
  ),
  eventTypes: gateEventTypes,
}
