import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { decideGate, noRule } from '../../rules/decide-gate.ts'
import { gateRules } from '../../rules/gate.ts'
import { someGateFacts } from '../support/gate-facts.ts'

const facts = z.record(z.string(), z.record(z.string(), z.union([z.number(), z.boolean()])))
const cases = z.array(z.strictObject({ title: z.string(), facts })).min(1)
const caseFile = z.strictObject({ fires: cases, doesNotFire: cases })

const namesIn = (folder: string, ending: string) =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort()

const ruleNames = gateRules.rules.map(({ name }) => name)

test('every rule stands in a file of its name, and every file is in force', () => {
  expect(namesIn('../../rules/gate', '.json')).toEqual(ruleNames)
})

test('every rule has cases, and all cases have a rule', () => {
  expect(namesIn('.', '.cases.json')).toEqual(ruleNames)
})

describe.each(gateRules.rules)('$name', (rule) => {
  const { fires, doesNotFire } = caseFile.parse(
    JSON.parse(readFileSync(join(import.meta.dirname, `${rule.name}.cases.json`), 'utf8')),
  )
  const decidingRule = async (changes: z.infer<typeof facts>) => {
    const verdict = await decideGate(someGateFacts(changes), { rules: [rule], digest: gateRules.digest })
    return verdict.rule
  }

  test.each(fires)('fires where $title', async (each) => {
    expect(await decidingRule(each.facts)).toBe(rule.name)
  })

  test.each(doesNotFire)('does not fire where $title', async (each) => {
    expect(await decidingRule(each.facts)).toBe(noRule)
  })
})
