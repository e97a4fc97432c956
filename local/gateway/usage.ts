import type { RoleResource } from '../template/deployment.ts'
import { evaluatePolicies, type Question } from './evaluate-policies.ts'
import { type Grant, grantsOf, type StatementPlace, without } from './grants.ts'

/** A call that was allowed and would have been denied without the grant that it is named for. */
export interface NeedingCall {
  readonly action: string
  readonly resource: string
}

/** How far an Allow statement was needed so far. */
export interface StatementUse {
  readonly statement: StatementPlace
  /** The first call that needed the statement; undefined while none did. */
  readonly neededBy: NeedingCall | undefined
  /** Those of its actions, where it has several, that no call needed. */
  readonly unusedActions: readonly string[]
  /** Those of its resources, where it has several, that no call needed. */
  readonly unusedResources: readonly string[]
}

/** Remembers of each of the role's grants the first call that needed it: one that is denied once the grant is gone. */
export function trackUsage(role: RoleResource) {
  const grants = grantsOf(role)
  const firstNeed = new Map<Grant, NeedingCall>()
  const noteNeed = (grant: Grant, question: Question) => {
    if (firstNeed.has(grant)) return
    const identityPolicies = without(question.identityPolicies, grant)
    if (evaluatePolicies({ ...question, identityPolicies }) === 'Allowed') return
    firstNeed.set(grant, { action: question.action, resource: question.resource })
  }
  const unused = (parts: readonly Grant[], kind: 'Action' | 'Resource') =>
    parts.flatMap((grant) => (grant.part.kind === kind && !firstNeed.has(grant) ? [grant.part.value] : []))

  return {
    /** Notes which grants the allowed call of `question` needed. */
    record(question: Question) {
      for (const { statement, parts } of grants) for (const grant of [statement, ...parts]) noteNeed(grant, question)
    },
    usage: (): StatementUse[] =>
      grants.map(({ statement, parts }) => ({
        statement: statement.place,
        neededBy: firstNeed.get(statement),
        unusedActions: unused(parts, 'Action'),
        unusedResources: unused(parts, 'Resource'),
      })),
  }
}
