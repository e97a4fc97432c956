import { matchesArn, matchesWildcards } from './wildcards.ts'

/** Whether the values that a call has for a condition key, none where it has none, are as a policy wants them. */
export type ConditionOperator = (wanted: readonly string[], values: readonly string[]) => boolean

type Comparison = (wanted: string, value: string) => boolean

const equals: Comparison = (wanted, value) => wanted === value
const equalsIgnoringCase: Comparison = (wanted, value) => wanted.toLowerCase() === value.toLowerCase()

const comparisons: readonly (readonly [name: string, negation: string | undefined, compare: Comparison])[] = [
  ['StringEquals', 'StringNotEquals', equals],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoringCase],
  ['StringLike', 'StringNotLike', matchesWildcards],
  ['ArnEquals', 'ArnNotEquals', matchesArn],
  ['ArnLike', 'ArnNotLike', matchesArn],
  ['Bool', undefined, equalsIgnoringCase],
]

/**
 * The condition operators that the gateway knows, by name
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 *
 * A value meets a comparison that one of the wanted values meets, and a negated one that none of them does
 * (…/reference_policies_condition-logic-multiple-context-keys-or-values.html). Without any value only a negated
 * comparison is met, one that ends in `IfExists`, and `ForAllValues:`
 * (…/reference_policies_condition-single-vs-multi-valued-context-keys.html).
 */
export const conditionOperators: ReadonlyMap<string, ConditionOperator> = new Map([
  ...comparisons.flatMap(([name, negation, compare]) => {
    const meets = (wanted: readonly string[], value: string) => wanted.some((one) => compare(one, value))
    const isUnmet = (wanted: readonly string[], value: string) => !meets(wanted, value)
    return [...formsOf(name, meets, false), ...(negation ? formsOf(negation, isUnmet, true) : [])]
  }),
  ['Null', (wanted, values) => wanted.includes(String(values.length === 0))],
])
