import type { PolicyStatement, RoleResource } from '../template/deployment.ts'
import type { NamedPolicy } from './evaluate-policies.ts'

/** Where a statement stands: the role's policy, and the statement's position in it, from 0. */
export interface StatementPlace {
  readonly roleArn: string
  readonly policyName: string
  readonly statementIndex: number
  readonly sid: string | undefined
}

/** A part of an Allow statement that could be taken away: all of it, one of its actions or one of its resources. */
export interface Grant {
  readonly place: StatementPlace
  readonly part: { readonly kind: 'statement' } | { readonly kind: 'Action' | 'Resource'; readonly value: string }
}

/** Everything that the role's statements grant, statements first. An only action or resource is not listed again. */
export function grantsOf({ arn, policies }: RoleResource): { statement: Grant; parts: Grant[] }[] {
  return policies.flatMap(({ name, document }) =>
    document.Statement.flatMap((statement, statementIndex) => {
      if (statement.Effect !== 'Allow') return []
      const place = { roleArn: arn, policyName: name, statementIndex, sid: statement.Sid }
      const parts = [...severalOf(statement, 'Action'), ...severalOf(statement, 'Resource')]
      return [{ statement: { place, part: { kind: 'statement' } }, parts: parts.map((part) => ({ place, part })) }]
    }),
  )
}

function severalOf(statement: PolicyStatement, kind: 'Action' | 'Resource') {
  const values = statement[kind]
  return Array.isArray(values) && values.length > 1 ? values.map((value: string) => ({ kind, value })) : []
}

/** The policies as they were without `grant`. */
export function without(policies: readonly NamedPolicy[], { place, part }: Grant): NamedPolicy[] {
  return policies.map(({ name, document }) => {
    if (name !== place.policyName) return { name, document }
    const Statement = document.Statement.flatMap((statement, index) => {
      if (index !== place.statementIndex) return [statement]
      if (part.kind === 'statement') return []
      return [
        { ...statement, [part.kind]: [statement[part.kind] ?? []].flat().filter((value) => value !== part.value) },
      ]
    })
    return { name, document: { ...document, Statement } }
  })
}
