// The verdicts are compared with those of @cloud-copilot/iam-simulate, an independent simulation of IAM. It is licensed
// under the AGPL-3.0 and Rampart under Apache-2.0: it is a witness for this test only, is no part of what Rampart
// runs or ships, and nothing of it was taken over. Where the two could differ, AWS's own pages decide; the tests that
// follow the comparison state those cases, of which it is asked nothing.
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { evaluatePolicies, type Outcome, type Question, type Statement } from '../../../local/gateway/evaluate-policies.ts'
import { allow, contentKeyArn, machineArn, roleArn, tableArn } from './small-deployment.ts'

const accountId = '111122223333'
const session = `arn:aws:sts::${accountId}:assumed-role/ListPoliciesRole/ListPolicies`
const indexArn = `${tableArn}/index/gsi1`
const ofData = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'states:StartExecution']
const ofKeys = ['kms:Decrypt', 'kms:DescribeKey']
const actions = [...ofData, ...ofKeys]
const root = `arn:aws:iam::${accountId}:root`

test('agrees with an independent simulation of IAM on any policies, call and condition keys', () => {
  fc.assert(
    fc.property(questions(), (question) => {
      expect(evaluatePolicies(question)).toBe(simulated(question))
    }),
    { numRuns: 1000 },
  )
})

function simulated({ principalArn, action, resource, conditions, identityPolicies, keyPolicy }: Question): Outcome {
  const named = { metadata: { name: 'key policy' }, __validated: true, errors: [] }
  const context = Object.entries(conditions).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]])
  return runUnsafeSimulation(
    {
      request: {
        principal: principalArn,
        action,
        resource: { resource, accountId },
        contextVariables: Object.fromEntries(context),
      },
      identityPolicies: identityPolicies.map(({ name, document }) => ({ name, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: keyPolicy && { ...named, policyDocument: keyPolicy },
    },
    {},
  )
}

function questions(): fc.Arbitrary<Question> {
  const ofRole = fc.array(statements(fc.constant({})), { maxLength: 4 })
  const ofKey = fc.array(statements(fc.record({ Principal: principals() })), { minLength: 1, maxLength: 3 })
  return fc
    .record({
      call: fc.oneof(call(ofData, [tableArn, indexArn, machineArn]), call(ofKeys, [contentKeyArn])),
      conditions: contexts(),
      ofRole: fc.array(ofRole, { minLength: 1, maxLength: 2 }),
      ofKey,
    })
    .map(({ call, conditions, ofRole, ofKey }) => ({
      ...call,
      conditions,
      principalArn: session,
      identityPolicies: ofRole.map((Statement, index) => ({ name: `policy${index}`, document: policy(Statement) })),
      keyPolicy: call.resource === contentKeyArn ? policy(ofKey) : undefined,
    }))
}

function call(actions: readonly string[], resources: readonly string[]) {
  return fc.record({ action: fc.constantFrom(...actions), resource: fc.constantFrom(...resources) })
}

function policy(Statement: readonly Statement[]) {
  return { Version: '2012-10-17', Statement }
}

function statements(more: fc.Arbitrary<Pick<Statement, 'Principal'>>): fc.Arbitrary<Statement> {
  const someActions = fc.uniqueArray(actionPatterns(), { minLength: 1, maxLength: 3 })
  const someResources = fc.uniqueArray(resourcePatterns(), { minLength: 1, maxLength: 3 })
  const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: rare })
  return fc
    .tuple(
      mostly(fc.constant({ Effect: 'Allow' as const }), fc.constant({ Effect: 'Deny' as const })),
      mostly<Partial<Statement>>(fc.record({ Action: someActions }), fc.record({ NotAction: someActions })),
      mostly<Partial<Statement>>(fc.record({ Resource: someResources }), fc.record({ NotResource: someResources })),
      fc.record({ Condition: mostly(fc.constant({}), conditions()) }),
      more,
    )
    .map(([effect, action, resource, condition, principal]) => ({
      ...effect,
      ...action,
      ...resource,
      ...condition,
      ...principal,
    }))
}

function principals(): fc.Arbitrary<unknown> {
  const named = fc.constantFrom('*', root, accountId, roleArn, session, `${session}2`, roleArn.replace('role/', 'role/x/'))
  const AWS = fc.oneof(named, fc.array(named, { minLength: 1, maxLength: 3 }))
  return fc.oneof(fc.constant('*'), fc.record({ AWS }), fc.constant({ Service: 'logs.amazonaws.com' }))
}

function actionPatterns(): fc.Arbitrary<string> {
  const anyOfService = fc.constantFrom(...actions).chain((action) => {
    const [service = '', name = ''] = action.split(':')
    return fc.oneof(fc.constant(name), wildcardsIn(name)).map((pattern) => `${service}:${pattern}`)
  })
  const shouted = fc.constantFrom(...actions).map((action) => action.toUpperCase())
  return fc.oneof(anyOfService, shouted, fc.constantFrom('*', 'dynamodb:*'))
}

/** One part of an ARN may have wildcards; not the word before a colon in the last, which the simulation sets apart. */
function resourcePatterns(): fc.Arbitrary<string> {
  const widened = fc.tuple(fc.constantFrom(tableArn, indexArn, machineArn, contentKeyArn), fc.integer({ min: 1, max: 5 })).chain(([arn, at]) => {
    const parts = arn.split(':')
    const index = at === 5 ? parts.length - 1 : at
    return wildcardsIn(parts[index] ?? '').map((part) => parts.with(index, part).join(':'))
  })
  return fc.oneof(fc.constantFrom(tableArn, machineArn, contentKeyArn, '*'), widened)
}

/** The text with a stretch of it, which may be of any length, become a wildcard. */
function wildcardsIn(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(text.length), fc.constantFrom('*', '?', '*?', '??', '**'))
    .map(([one, other, wildcard]) => text.slice(0, Math.min(one, other)) + wildcard + text.slice(Math.max(one, other)))
}

const words = fc.constantFrom('ALL_NEW', 'all_new', 'ALL_OLD', 'NONE')
const tenants = fc.constantFrom('contoso', 'Contoso', 'fabrikam')

function contexts(): fc.Arbitrary<Question['conditions']> {
  return fc.record(
    {
      'aws:principalarn': fc.constant(roleArn),
      'dynamodb:returnvalues': words,
      'dynamodb:leadingkeys': fc.uniqueArray(tenants, { minLength: 1 }),
      'kms:grantisforawsresource': fc.constantFrom('true', 'false'),
    },
    { requiredKeys: [] },
  )
}

function conditions(): fc.Arbitrary<NonNullable<Statement['Condition']>> {
  const ofStrings = ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase']
  const ofPatterns = ['StringLike', 'StringNotLike']
  const ofArns = ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike']
  const forms = (names: readonly string[]) => names.flatMap((name) => [name, `${name}IfExists`, ...sets([name])])
  const sets = (names: readonly string[]) => names.flatMap((name) => [`ForAllValues:${name}`, `ForAnyValue:${name}`])
  const bools = fc.constantFrom('true', 'false')
  const arns = resourcePatterns().filter((arn) => arn !== '*')
  const roles = wildcardsIn('ListPoliciesRole').map((name) => `arn:aws:iam::${accountId}:role/${name}`)
  const one = fc.oneof(
    condition(forms(ofStrings), 'dynamodb:ReturnValues', words),
    condition(forms(ofPatterns), 'dynamodb:ReturnValues', words.chain(wildcardsIn)),
    condition(sets(ofStrings), 'dynamodb:LeadingKeys', tenants),
    condition(sets(ofPatterns), 'dynamodb:LeadingKeys', tenants.chain(wildcardsIn)),
    condition(forms(ofArns), 'aws:PrincipalArn', fc.oneof(roles, arns, fc.constant(roleArn))),
    condition(forms(['Bool']), 'kms:GrantIsForAWSResource', bools),
    condition(['Null'], 'dynamodb:LeadingKeys', bools),
    condition(['Null'], 'dynamodb:ReturnValues', bools),
  )
  return fc.array(one, { minLength: 1, maxLength: 2 }).map((parts) => Object.assign({}, ...parts))
}

function condition(operators: readonly string[], key: string, value: fc.Arbitrary<string>) {
  const wanted = fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 3 }))
  return fc.tuple(fc.constantFrom(...operators), wanted).map(([operator, of]) => ({ [operator]: { [key]: of } }))
}
