import type { GateDecision } from '../domain/rotation.ts'
import abortOnHarmEvidence from './gate/abort-on-harm-evidence.json' with { type: 'json' }
import abortOnRequest from './gate/abort-on-request.json' with { type: 'json' }
import holdForApproval from './gate/hold-for-approval.json' with { type: 'json' }
import holdForOutcomes from './gate/hold-for-outcomes.json' with { type: 'json' }
import holdForReach from './gate/hold-for-reach.json' with { type: 'json' }
import holdForSoak from './gate/hold-for-soak.json' with { type: 'json' }
import holdWhilePaused from './gate/hold-while-paused.json' with { type: 'json' }
import promote from './gate/promote.json' with { type: 'json' }
import { gateVocabulary } from './gate-vocabulary.ts'
import { loadRules } from './load-rules.ts'
import type { RuleSet } from './rule.ts'

/** The rules that every rotation's gate is judged by. */
export const gateRules: RuleSet<GateDecision['decision']> = loadRules(
  [
    abortOnRequest,
    abortOnHarmEvidence,
    holdWhilePaused,
    holdForSoak,
    holdForReach,
    holdForOutcomes,
    holdForApproval,
    promote,
  ],
  gateVocabulary,
)
