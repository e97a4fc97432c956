import { matchesArn, matchesWildcards } from './wildcards.ts'

/** Whether the values that a call has for a condition key, none where it has no such key, are as a policy wants. */
export type ConditionOperator = (wanted: readonly string[], values: readonly string[]) => boolean

type Comparison = (wanted: string, value: string) => boolean

const equals: Comparison = (wanted, value) => wanted === value
const equalsIgnoringCase: Comparison = (wanted, value) => wanted.toLowerCase() === value.toLowerCase()

const comparing: readonly (readonly [string, ConditionOperator])[] = [
  ['StringEquals', anyMeets(equals)],
  ['StringNotEquals', noneMeets(equals)],
  ['StringEqualsIgnoreCase', anyMeets(equalsIgnoringCase)],
  ['StringNotEqualsIgnoreCase', noneMeets(equalsIgnoringCase)],
  ['StringLike', anyMeets(matchesWildcards)],
  ['StringNotLike', noneMeets(matchesWildcards)],
  ['ArnEquals', anyMeets(matchesArn)],
  ['ArnNotEquals', noneMeets(matchesArn)],
  ['ArnLike', anyMeets(matchesArn)],
  ['ArnNotLike', noneMeets(matchesArn)],
  ['Bool', anyMeets(equalsIgnoringCase)],
]

/**
 * The condition operators that are supported, by name. Of a key that a call does not have, only these are met: a
 * negated comparison, one that ends in `IfExists`, `ForAllValues:`, and `Null` that wants `true`.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, of sets,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export const conditionOperators: ReadonlyMap<string, ConditionOperator> = new Map([
  ...comparing.flatMap(([name, isMet]) => formsOf(name, isMet)),
  ['Null', (wanted, values) => wanted.includes(String(values.length === 0))],
])

function anyMeets(compare: Comparison): ConditionOperator {
  return (wanted, values) => values.some((value) => wanted.some((one) => compare(one, value)))
}

function noneMeets(compare: Comparison): ConditionOperator {
  return (wanted, values) => !anyMeets(compare)(wanted, values)
}

function formsOf(name: string, isMet: ConditionOperator): [string, ConditionOperator][] {
  return [
    [name, isMet],
    [`${name}IfExists`, (wanted, values) => values.length === 0 || isMet(wanted, values)],
    [`ForAllValues:${name}`, (wanted, values) => values.every((value) => isMet(wanted, [value]))],
    [`ForAnyValue:${name}`, (wanted, values) => values.some((value) => isMet(wanted, [value]))],
  ]
}
