import { Engine } from 'json-rules-engine'
import type { GateFacts } from '../domain/facts.ts'
import type { GateDecision } from '../domain/rotation.ts'
import type { RuleSet } from './rule.ts'

/** What the rules decide, and which of them did. */
export type GateVerdict = Pick<GateDecision, 'decision' | 'rule' | 'message' | 'remedy' | 'ruleSetDigest'>

/** The rule that a decision names where no rule fired. */
export const noRule = 'no-rule-decided'

/**
 * What is to become of a wave with these facts.
 *
 * Every rule is evaluated; of those that fire, the one of the highest priority decides. Where none fires, the wave is
 * held: only a rule that states its conditions can promote.
 */
export async function decideGate(facts: GateFacts, ruleSet: RuleSet<GateDecision['decision']>): Promise<GateVerdict> {
  const fired = await namesOfFired(facts, ruleSet)
  const [rule] = ruleSet.rules.filter(({ name }) => fired.has(name)).toSorted((a, b) => b.priority - a.priority)
  if (!rule) return undecided(ruleSet.digest)
  const { message, remedy } = rule.event.params
  return { decision: rule.event.type, rule: rule.name, message, remedy, ruleSetDigest: ruleSet.digest }
}

async function namesOfFired(facts: GateFacts, { rules }: RuleSet<string>): Promise<ReadonlySet<string>> {
  const engine = new Engine(
    rules.map((rule) => structuredClone(rule)),
    { pathResolver: resolvePart },
  )
  const { results } = await engine.run({ ...facts })
  return new Set(results.map(({ name }) => name))
}

/** The part of a fact that `$.part` names. Loading has checked the path, so nothing richer needs to be understood. */
function resolvePart(fact: object, path: string): unknown {
  return Reflect.get(fact, path.slice('$.'.length))
}

function undecided(ruleSetDigest: string): GateVerdict {
  return {
    decision: 'hold',
    rule: noRule,
    message: 'No rule decided about this wave',
    remedy: 'Correct the gate rules so that one of them applies, or abort the rotation',
    ruleSetDigest,
  }
}
