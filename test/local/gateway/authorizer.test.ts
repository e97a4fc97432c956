import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createAuthorizer } from '../../../local/gateway/authorizer.ts'
import type { StatementPlace } from '../../../local/gateway/grants.ts'
import type { PolicyStatement, RoleResource } from '../../../local/template/deployment.ts'
import { aDeployment, allow, aRole, contentKeyArn, machineArn, roleArn, tableArn } from './small-deployment.ts'

interface CallOfRole {
  readonly action: string
  readonly resource: string
}

const actions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'states:SendTaskSuccess']
const resources = [tableArn, `${tableArn}/index/gsi1`, machineArn]

const someCalls = fc.array(
  fc.record({ action: fc.constantFrom(...actions), resource: fc.constantFrom(...resources) }),
  { maxLength: 12 },
)
const someStatements: fc.Arbitrary<PolicyStatement[]> = fc.array(
  fc.record({
    Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Allow' as const, 'Deny' as const),
    Action: fc.uniqueArray(fc.constantFrom(...actions, 'dynamodb:*', 'dynamodb:*Item'), { minLength: 1, maxLength: 3 }),
    Resource: fc.uniqueArray(fc.constantFrom(...resources, `${tableArn}/index/*`, '*'), { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 5 },
)

test('a denial is worded as AWS words it, with the session of the function that called', () => {
  const { authorize } = authorizerOf(aRole([allow('dynamodb:GetItem', tableArn)]))

  const verdict = authorize({ roleArn, sessionName: 'ListPolicies', action: 'dynamodb:PutItem', resource: tableArn })

  expect(verdict).toEqual({
    isAllowed: false,
    message:
      'User: arn:aws:sts::111122223333:assumed-role/ListPoliciesRole/ListPolicies is not authorized to perform: ' +
      `dynamodb:PutItem on resource: ${tableArn} because no identity-based policy allows the dynamodb:PutItem action`,
  })
})

test('an explicit deny wins over every grant, and says so', () => {
  const deny: PolicyStatement = { Effect: 'Deny', Action: 'dynamodb:Delete*', Resource: '*' }
  const { authorize } = authorizerOf(aRole([allow('dynamodb:*', '*'), deny]))

  const { isAllowed, message } = authorize({ roleArn, action: 'dynamodb:DeleteItem', resource: tableArn })

  expect(isAllowed).toBe(false)
  expect(message).toMatch(/ with an explicit deny in an identity-based policy$/)
})

test('a key whose policy leaves nothing to the account is closed to its roles', () => {
  const role = aRole([allow('kms:Decrypt', contentKeyArn)])
  const closed = { logicalId: 'Key', arn: contentKeyArn, keySpec: 'SYMMETRIC_DEFAULT', policy: onlyThroughDynamodb() }
  const request = { roleArn, action: 'kms:Decrypt', resource: contentKeyArn }

  const { message } = createAuthorizer({ roles: [role], keys: [closed] }).authorize(request)

  expect(message).toMatch(/because no resource-based policy allows the kms:Decrypt action$/)
  expect(authorizerOf(role).authorize(request).isAllowed).toBe(true)
})

test('a condition is held to the values of the call, not to those of an earlier one', () => {
  const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['contoso'] } }
  const { authorize } = authorizerOf(aRole([allow('dynamodb:GetItem', tableArn, { Condition })]))
  const read = (tenant: string) =>
    authorize({ roleArn, action: 'dynamodb:GetItem', resource: tableArn, conditionValue: () => [tenant] }).isAllowed

  expect(['contoso', 'fabrikam', 'contoso'].map(read)).toEqual([true, false, true])
})

test('a condition key that the gateway knows nothing of is refused at the start', () => {
  const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }

  expect(() => authorizerOf(aRole([allow('dynamodb:GetItem', tableArn, { Condition })]))).toThrow(
    `Policy 'own' of role '${roleArn}' looks at the condition key 'aws:sourceip'; supported are `,
  )
})

test('what a statement grants beyond need is listed by action and by resource', () => {
  const indexArn = `${tableArn}/index/gsi1`
  const authorizer = authorizerOf(
    aRole([allow(['dynamodb:GetItem', 'dynamodb:Query'], [tableArn, indexArn]), allow('dynamodb:PutItem', tableArn)]),
  )

  authorizer.authorize({ roleArn, action: 'dynamodb:Query', resource: tableArn })

  const place = { roleArn, policyName: 'own', sid: undefined }
  expect(authorizer.unusedStatements()).toEqual([{ ...place, statementIndex: 1 }])
  expect(authorizer.usage()[0]).toEqual({
    statement: { ...place, statementIndex: 0 },
    neededBy: { action: 'dynamodb:Query', resource: tableArn },
    unusedActions: ['dynamodb:GetItem'],
    unusedResources: [indexArn],
  })
})

test('without a statement that was needed, some call that was allowed is denied', () => {
  fc.assert(
    fc.property(someStatements, someCalls, (statements, calls) => {
      const { allowed, authorizer } = record(statements, calls)
      for (const { statement, neededBy } of authorizer.usage()) {
        if (!neededBy) continue
        const stillAllowed = record(removing(statements, statement), allowed).allowed
        expect(stillAllowed).not.toContainEqual(neededBy)
      }
    }),
    { numRuns: 60 },
  )
})

test('without a statement, an action or a resource that was not needed, every call is allowed that was before', () => {
  fc.assert(
    fc.property(someStatements, someCalls, (statements, calls) => {
      const { allowed, authorizer } = record(statements, calls)
      const unused = authorizer.unusedStatements().map((place) => removing(statements, place))
      const narrowed = authorizer
        .usage()
        .flatMap(({ statement, unusedActions, unusedResources }) => [
          ...unusedActions.map((action) => changing(statements, statement, { Action: without(action) })),
          ...unusedResources.map((resource) => changing(statements, statement, { Resource: without(resource) })),
        ])
      for (const fewer of [...unused, ...narrowed]) expect(record(fewer, allowed).allowed).toEqual(allowed)
    }),
    { numRuns: 60 },
  )
})

function authorizerOf(role: RoleResource) {
  return createAuthorizer({ ...aDeployment(), roles: [role] })
}

/** The calls of `calls` that a role with these statements is allowed. */
function record(statements: readonly PolicyStatement[], calls: readonly CallOfRole[]) {
  const authorizer = authorizerOf(aRole(statements))
  const allowed = calls.filter((call) => authorizer.authorize({ roleArn, ...call }).isAllowed)
  return { allowed, authorizer }
}

function removing(statements: readonly PolicyStatement[], { statementIndex }: StatementPlace) {
  return statements.filter((_, index) => index !== statementIndex)
}

type Change = { [Part in 'Action' | 'Resource']?: (values: PolicyStatement[Part]) => string[] }

function without(unwanted: string) {
  return (values: PolicyStatement['Resource']) => [values ?? []].flat().filter((value) => value !== unwanted)
}

function changing(statements: readonly PolicyStatement[], { statementIndex }: StatementPlace, change: Change) {
  return statements.map((statement, index) => {
    if (index !== statementIndex) return statement
    const { Action, Resource } = statement
    return {
      ...statement,
      Action: change.Action?.(Action) ?? Action,
      Resource: change.Resource?.(Resource) ?? Resource,
    }
  })
}

function onlyThroughDynamodb() {
  const Condition = { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } }
  const statement = { Effect: 'Allow' as const, Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*', Condition }
  return { Version: '2012-10-17', Statement: [statement] }
}
