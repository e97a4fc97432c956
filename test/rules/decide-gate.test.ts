import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { GateFacts } from '../../domain/facts.ts'
import { decideGate } from '../../rules/decide-gate.ts'
import { gateRules } from '../../rules/gate.ts'
import { gateVocabulary } from '../../rules/gate-vocabulary.ts'
import { loadRules } from '../../rules/load-rules.ts'
import { type GateFactChanges, someGateFacts } from '../support/gate-facts.ts'

const decide = (facts: GateFacts) => decideGate(facts, gateRules)
const harm = { outcomes: 30, failures: 3, logMixture: 7.5 }

test('a wave that has shown what its plan asks for is promoted, and the verdict says by which rules', async () => {
  expect(await decide(someGateFacts())).toEqual({
    decision: 'promote',
    rule: 'promote',
    message: 'The wave has shown what the plan asks for',
    remedy: 'Nothing needs to be done: the next wave starts',
    ruleSetDigest: gateRules.digest,
  })
})

describe('of several rules that fire, the most urgent decides', () => {
  test.each<[string, GateFactChanges]>([
    ['abort-on-request', { rotation: { isAborting: true, isPaused: true }, evidence: harm }],
    ['abort-on-harm-evidence', { rotation: { isPaused: true }, evidence: harm }],
    ['abort-on-harm-evidence', { wave: { needsApproval: true, soakedMinutes: 0 }, evidence: harm }],
    ['hold-while-paused', { rotation: { isPaused: true }, wave: { soakedMinutes: 0 } }],
    ['hold-for-soak', { wave: { soakedMinutes: 0 }, devices: { reachedPercent: 0 } }],
    ['hold-for-reach', { devices: { reachedPercent: 0, outcomePercent: 0 } }],
    ['hold-for-outcomes', { devices: { outcomePercent: 0 }, wave: { needsApproval: true } }],
    ['hold-for-approval', { wave: { needsApproval: true } }],
  ])('%s', async (rule, changes) => {
    expect(await decide(someGateFacts(changes))).toMatchObject({ rule })
  })
})

test('where no rule fires the wave is held', async () => {
  const promoteOnly = loadRules(
    gateRules.rules.filter(({ name }) => name === 'promote'),
    gateVocabulary,
  )

  expect(await decideGate(someGateFacts({ rotation: { isPaused: true } }), promoteOnly)).toEqual({
    decision: 'hold',
    rule: 'no-rule-decided',
    message: 'No rule decided about this wave',
    remedy: 'Correct the gate rules so that one of them applies, or abort the rotation',
    ruleSetDigest: promoteOnly.digest,
  })
})

describe('whatever the facts', () => {
  const percent = fc.constantFrom(0, 39, 40, 79, 80, 100)
  const facts = fc
    .record({
      rotation: fc.record({ isPaused: fc.boolean(), isAborting: fc.boolean() }),
      wave: fc.record({
        soakedMinutes: fc.constantFrom(0, 1439, 1440, 5000),
        needsApproval: fc.boolean(),
        isApproved: fc.boolean(),
        minOutcomePercent: percent,
        minReachedPercent: percent,
      }),
      devices: fc.record({ reachedPercent: percent, outcomePercent: percent }),
      evidence: fc.record({ failures: fc.nat(5), logMixture: fc.constantFrom(-2, 4.6, 4.605, 9) }),
    })
    .map((changes) => someGateFacts(changes))

  test('one of the rules decides', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async (all) => {
        expect((await decide(all)).rule).not.toBe('no-rule-decided')
      }),
    )
  })

  test('a wave is aborted exactly on request or on evidence of harm', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async (all) => {
        const { failures, logMixture, abortAtLogMixture } = all.evidence
        const isHarmful = failures >= 3 && logMixture >= abortAtLogMixture
        const { decision } = await decide(all)

        expect(decision === 'abort').toBe(all.rotation.isAborting || isHarmful)
      }),
    )
  })

  test('evaluating them changes neither the rules nor the facts, and gives the same verdict again', async () => {
    const before = structuredClone(gateRules)

    await fc.assert(
      fc.asyncProperty(facts, async (all) => {
        const factsBefore = structuredClone(all)

        expect(await decide(all)).toEqual(await decide(all))
        expect(all).toEqual(factsBefore)
      }),
    )
    expect(gateRules).toEqual(before)
  })
})
