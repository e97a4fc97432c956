import { createHash } from 'node:crypto'
import { checkNesting } from '../domain/check-nesting.ts'
import { readConditions } from './read-condition.ts'
import { quoted, readChoice, readFields, readText, refusal } from './read-fields.ts'
import type { Rule, RuleSet, RuleVocabulary } from './rule.ts'

const maximumRules = 200
const maximumRuleCharacters = 16_384
const maximumDepth = 10
const maximumPriority = 1000

/**
 * The set of the given rules, each a parsed JSON document, sorted by name.
 *
 * Throws InvalidInputError for a rule that names a fact, path, operator or event type outside the vocabulary, that has
 * a field nobody knows, that is too large or nested too deeply, or that shares its name or priority with another one.
 */
export function loadRules<EventType extends string>(
  documents: readonly unknown[],
  vocabulary: RuleVocabulary<EventType>,
): RuleSet<EventType> {
  if (documents.length > maximumRules) throw refusal('', `has ${documents.length} rules; at most ${maximumRules} fit`)
  const rules = documents
    .map((document, index) => readRule(document, `/${index}`, vocabulary))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  refuseRepeated(
    rules.map(({ name }) => name),
    'name',
  )
  refuseRepeated(
    rules.map(({ priority }) => priority),
    'priority',
  )
  return { rules, digest: createHash('sha256').update(JSON.stringify(rules)).digest('hex') }
}

function readRule<EventType extends string>(
  document: unknown,
  pointer: string,
  { facts, eventTypes }: RuleVocabulary<EventType>,
): Rule<EventType> {
  refuseOversized(document, pointer)
  const { name, priority, conditions, event } = readFields(document, pointer, {
    required: ['name', 'priority', 'conditions', 'event'],
  })
  const { type, params } = readFields(event, `${pointer}/event`, { required: ['type', 'params'] })
  const { message, remedy } = readFields(params, `${pointer}/event/params`, { required: ['message', 'remedy'] })
  return {
    name: readName(name, `${pointer}/name`),
    priority: readPriority(priority, `${pointer}/priority`),
    conditions: readConditions(conditions, `${pointer}/conditions`, facts),
    event: {
      type: readChoice(type, `${pointer}/event/type`, eventTypes),
      params: {
        message: readText(message, `${pointer}/event/params/message`),
        remedy: readText(remedy, `${pointer}/event/params/remedy`),
      },
    },
  }
}

function refuseOversized(document: unknown, pointer: string): void {
  const problem = checkNesting(document, maximumDepth)
  if (problem) throw refusal(pointer, problem)
  const { length } = JSON.stringify(document) ?? ''
  if (length > maximumRuleCharacters) {
    throw refusal(pointer, `has ${length} characters; at most ${maximumRuleCharacters} fit`)
  }
}

function readName(value: unknown, pointer: string): string {
  if (typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value) && value.length <= 80) return value
  throw refusal(pointer, `is ${quoted(value)}; expected a kebab-case name of at most 80 characters`)
}

function readPriority(value: unknown, pointer: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maximumPriority) return value
  throw refusal(pointer, `is ${quoted(value)}; expected a whole number from 1 to ${maximumPriority}`)
}

function refuseRepeated(values: readonly (string | number)[], field: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index)
  if (repeated !== undefined) throw refusal('', `gives the ${field} '${repeated}' to more than one rule`)
}
