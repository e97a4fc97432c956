import { ruleOperators } from '../domain/facts.ts'
import { quoted, readChoice, readFields, readText, refusal } from './read-fields.ts'
import type { Comparison, Condition, ConditionGroup, FactPaths, Operand } from './rule.ts'

type Facts = ReadonlyMap<string, FactPaths>
type Kind = 'number' | 'boolean'
type Operator = (typeof ruleOperators)[number]

const maximumParts = 20
const maximumListLength = 100
const groupKeys = ['all', 'any', 'not'] as const

/** The group of conditions at `pointer`, checked against the facts that rules may name; throws InvalidInputError. */
export function readConditions(value: unknown, pointer: string, facts: Facts): ConditionGroup {
  const group = readGroup(value, pointer, facts)
  if (!group) throw refusal(pointer, `is ${quoted(value)}; expected exactly one of ${groupKeys.join(', ')}`)
  return group
}

function readCondition(value: unknown, pointer: string, facts: Facts): Condition {
  return readGroup(value, pointer, facts) ?? readComparison(value, pointer, facts)
}

function readGroup(value: unknown, pointer: string, facts: Facts): ConditionGroup | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const key = groupKeys.find((candidate) => Object.hasOwn(value, candidate))
  if (!key) return undefined
  const part = readFields(value, pointer, { required: [key] })[key]
  if (key === 'not') return { not: readCondition(part, `${pointer}/not`, facts) }
  const parts = readParts(part, `${pointer}/${key}`).map((each, index) =>
    readCondition(each, `${pointer}/${key}/${index}`, facts),
  )
  return key === 'all' ? { all: parts } : { any: parts }
}

/** An empty list would hold always, as `all` and as `any` (json-rules-engine), so it is refused. */
function readParts(value: unknown, pointer: string): unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= maximumParts) return value
  throw refusal(pointer, `is ${quoted(value)}; expected a list of 1 to ${maximumParts} conditions`)
}

function readComparison(value: unknown, pointer: string, facts: Facts): Comparison {
  const fields = readFields(value, pointer, { required: ['name', 'fact', 'path', 'operator', 'value'] })
  const { fact, path, kind } = readFact(fields, pointer, facts)
  const operator = readChoice(fields.operator, `${pointer}/operator`, ruleOperators)
  if (kind === 'boolean' && !['equal', 'notEqual'].includes(operator)) {
    throw refusal(`${pointer}/operator`, `is '${operator}'; expected equal or notEqual, as '${path}' is true or false`)
  }
  return {
    name: readText(fields.name, `${pointer}/name`),
    fact,
    path,
    operator,
    value: readOperand(fields.value, `${pointer}/value`, { operator, kind, facts }),
  }
}

function readFact(fields: { fact?: unknown; path?: unknown }, pointer: string, facts: Facts) {
  const fact = readChoice(fields.fact, `${pointer}/fact`, [...facts.keys()])
  const paths: FactPaths = facts.get(fact) ?? new Map()
  const path = readChoice(
    fields.path,
    `${pointer}/path`,
    [...paths.keys()].map((part) => `$.${part}`),
  )
  return { fact, path, kind: paths.get(path.slice('$.'.length)) }
}

function readOperand(
  value: unknown,
  pointer: string,
  { operator, kind, facts }: { operator: Operator; kind: Kind | undefined; facts: Facts },
): Operand {
  if (operator === 'in' || operator === 'notIn') return readNumbers(value, pointer)
  if (typeof value === 'object' && value !== null) return readReference(value, pointer, { kind, facts })
  if (typeof value === 'boolean' && kind === 'boolean') return value
  if (typeof value === 'number' && kind === 'number') return value
  throw refusal(pointer, `is ${quoted(value)}; expected a ${kind} or a fact`)
}

function readNumbers(value: unknown, pointer: string): number[] {
  if (!Array.isArray(value) || value.length > maximumListLength || !value.every((each) => typeof each === 'number')) {
    throw refusal(pointer, `is ${quoted(value)}; expected a list of at most ${maximumListLength} numbers`)
  }
  return value
}

function readReference(value: object, pointer: string, { kind, facts }: { kind: Kind | undefined; facts: Facts }) {
  const reference = readFact(readFields(value, pointer, { required: ['fact', 'path'] }), pointer, facts)
  if (reference.kind === kind) return { fact: reference.fact, path: reference.path }
  throw refusal(`${pointer}/path`, `is '${reference.path}', a ${reference.kind}; expected a ${kind}`)
}
