import type { PolicyStatement } from '../template/deployment.ts'
import { conditionOperators } from './condition-operators.ts'
import { type Reach, reachOf } from './key-principal.ts'
import { matchesArn, matchesWildcards } from './wildcards.ts'

export type Outcome = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied'

/** A statement of a policy. It names what it is about either way, never both: `Action` or all but `NotAction`. */
export type Statement = Omit<PolicyStatement, 'Action'> & {
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
}

export interface Policy {
  readonly Version: string
  readonly Statement: readonly Statement[]
}

export interface NamedPolicy {
  readonly name: string
  readonly document: Policy
}

export interface Question {
  readonly principalArn: string
  readonly action: string
  readonly resource: string
  /** The values of condition keys, these in lower case; no value is like no such key. */
  readonly conditions: Readonly<Record<string, string | readonly string[]>>
  readonly identityPolicies: readonly NamedPolicy[]
  /** The policy of the key that is used, where the resource is one. */
  readonly keyPolicy: Policy | undefined
}

/**
 * What IAM decides of a call within one account: a Deny that applies wins, then an Allow that applies
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 *
 * The use of a key must be allowed by the key's own policy: to the caller, or to the account, which leaves it to the
 * role's policies (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html).
 */
export function evaluatePolicies(question: Question): Outcome {
  const { identityPolicies, keyPolicy, principalArn } = question
  const applying = (policy: Policy) => policy.Statement.filter((statement) => appliesTo(statement, question))
  const ofRole = identityPolicies.flatMap(({ document }) => applying(document))
  const ofKey = keyPolicy ? applying(keyPolicy) : []
  const reaching = (reach: Reach) => ofKey.filter(({ Principal }) => reachOf(Principal, principalArn) === reach)
  const [toCaller, toAccount] = [reaching('caller'), reaching('account')]

  if ([...ofRole, ...toCaller, ...toAccount].some(({ Effect }) => Effect === 'Deny')) return 'ExplicitlyDenied'
  if (toCaller.length > 0) return 'Allowed'
  const mayRoleDecide = !keyPolicy || toAccount.length > 0
  return mayRoleDecide && ofRole.length > 0 ? 'Allowed' : 'ImplicitlyDenied'
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
function appliesTo(statement: Statement, { action, resource, conditions }: Question): boolean {
  const isAction = (pattern: string) => matchesWildcards(pattern.toLowerCase(), action.toLowerCase())
  const isResource = (pattern: string) => pattern === '*' || matchesArn(pattern, resource)
  return (
    isNamed(statement.Action, statement.NotAction, isAction) &&
    isNamed(statement.Resource, statement.NotResource, isResource) &&
    areMet(statement.Condition, conditions)
  )
}

type Patterns = string | readonly string[] | undefined

/** Whether a choice includes what `matches`. A key policy that names no resource is about its key. */
function isNamed(included: Patterns, excluded: Patterns, matches: (pattern: string) => boolean): boolean {
  return included ? [included].flat().some(matches) : ![excluded ?? []].flat().some(matches)
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html: all must be met. */
function areMet(condition: Statement['Condition'] = {}, values: Question['conditions']): boolean {
  return Object.entries(condition).every(([operator, wantedByKey]) =>
    Object.entries(wantedByKey).every(([key, wanted]) => {
      const isMet = conditionOperators.get(operator)
      if (!isMet) throw new Error(`The condition operator '${operator}' is not supported`)
      return isMet([wanted].flat(), [values[key.toLowerCase()] ?? []].flat())
    }),
  )
}
