import fc from 'fast-check'
import type { Question, Statement } from '../../../local/gateway/evaluate-policies.ts'
import { contentKeyArn, machineArn, roleArn, tableArn } from './small-deployment.ts'

const accountId = '111122223333'
const root = `arn:aws:iam::${accountId}:root`
const indexArn = `${tableArn}/index/gsi1`
const ofData = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'states:StartExecution']
const ofKeys = ['kms:Decrypt', 'kms:DescribeKey']
const actions = [...ofData, ...ofKeys]

/** The session of the small deployment's role. */
export const sessionArn = `arn:aws:sts::${accountId}:assumed-role/ListPoliciesRole/ListPolicies`

/** Any call of the role's session under any policies, of the kinds that the gateway supports. */
export function questions(): fc.Arbitrary<Question> {
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
      principalArn: sessionArn,
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
  const someResources = fc.uniqueArray(fc.oneof(arnPatterns(), fc.constant('*')), { minLength: 1, maxLength: 3 })
  const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: rare })
  return fc
    .tuple(
      fc.record({ Effect: mostly<Statement['Effect']>(fc.constant('Allow'), fc.constant('Deny')) }),
      mostly<Partial<Statement>>(fc.record({ Action: someActions }), fc.record({ NotAction: someActions })),
      mostly<Partial<Statement>>(fc.record({ Resource: someResources }), fc.record({ NotResource: someResources })),
      fc.record({ Condition: fc.oneof(fc.constant({}), conditions()) }),
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
  const roles = [roleArn, roleArn.slice(0, -1), roleArn.replace('role/', 'role/path/')]
  const named = fc.constantFrom('*', root, accountId, ...roles, sessionArn, `${sessionArn}2`)
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

/**
 * An ARN, perhaps with wildcards in one of its parts, but for the service, where IAM takes none, and the word for the
 * resource's type, where the simulation takes none.
 */
function arnPatterns(): fc.Arbitrary<string> {
  const arns = fc.constantFrom(tableArn, indexArn, machineArn, contentKeyArn, roleArn)
  const ofSomeName = arns.chain((arn) => {
    const nameAt = arn.split(/[:/]/, 6).join(':').length + 1
    return wildcardsIn(arn.slice(nameAt)).map((name) => arn.slice(0, nameAt) + name)
  })
  const ofSomePlace = fc.tuple(arns, fc.constantFrom(1, 3, 4)).chain(([arn, at]) => {
    const parts = arn.split(':')
    return wildcardsIn(parts[at] ?? '').map((part) => parts.with(at, part).join(':'))
  })
  return fc.oneof(arns, ofSomeName, ofSomePlace)
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
  const one = fc.oneof(
    condition(forms(ofStrings), 'dynamodb:ReturnValues', words),
    condition(forms(ofPatterns), 'dynamodb:ReturnValues', words.chain(wildcardsIn)),
    condition(sets(ofStrings), 'dynamodb:LeadingKeys', tenants),
    condition(sets(ofPatterns), 'dynamodb:LeadingKeys', tenants.chain(wildcardsIn)),
    condition(forms(ofArns), 'aws:PrincipalArn', arnPatterns()),
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
