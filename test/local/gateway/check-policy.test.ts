import { expect, test } from '@jest/globals'
import { checkKeyPolicy, checkRolePolicy } from '../../../local/gateway/check-policy.ts'
import type { Statement } from '../../../local/gateway/evaluate-policies.ts'
import { allow, roleArn, tableArn } from './small-deployment.ts'

const granted = allow('dynamodb:GetItem', tableArn)
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM, not a template
const variable = '${aws:userid}'
const when = (operator: string, key: string, wanted: string): Statement => {
  return { ...granted, Condition: { [operator]: { [key]: wanted } } }
}

test.each<[problem: string, statement: Statement]>([
  ["names the action 'dyn*:GetItem'; expected '*' or one of a service", allow('dyn*:GetItem', tableArn)],
  ["names the resource 'arn:aws:dynamodb:*'; expected '*' or an ARN", allow('dynamodb:GetItem', 'arn:aws:dynamodb:*')],
  ["names the resource 'arn:aws:*:*:*:x'; expected '*' or an ARN", allow('dynamodb:GetItem', 'arn:aws:*:*:*:x')],
  ["names the resource 'rampart-test'; expected '*' or an ARN", allow('dynamodb:GetItem', ['*', 'rampart-test'])],
  [`has a policy variable in '${variable}', which is not`, when('StringLike', 'dynamodb:Select', variable)],
  [`has a policy variable in '${variable}', which is not`, allow('dynamodb:GetItem', variable)],
  ["looks at the condition key 'aws:sourceip'; supported are aws:", when('StringEquals', 'aws:SourceIp', '10.0.0.1')],
  ["has the condition operator 'NumericEquals'; supported are String", when('NumericEquals', 'dynamodb:Select', '1')],
  ["has the condition operator 'NullIfExists'; supported are String", when('NullIfExists', 'dynamodb:Select', 'true')],
  ["has 'StringEquals' of 'dynamodb:leadingkeys', which has sev", when('StringEquals', 'dynamodb:LeadingKeys', 'a')],
  ["wants 'Null' to be 'yes'; expected 'true' or 'false'", when('Null', 'dynamodb:Select', 'yes')],
  ["wants 'ArnLike' to be '*'; expected an ARN", when('ArnLike', 'aws:PrincipalArn', '*')],
  ['names the principal "*"; expected none', { ...granted, Principal: '*' }],
  ['names no resource for "kms:Decrypt"', { Effect: 'Allow', Action: 'kms:Decrypt' }],
  ['has a statement with both or none of Action and NotAction', { ...granted, NotAction: 'kms:*' }],
  ['has a statement with both or none of Action and NotAction', { Effect: 'Allow', Resource: '*' }],
  ['has a statement with both Resource and NotResource', { ...granted, NotResource: '*' }],
])("what can't be judged by is refused: %s", (problem, statement) => {
  const check = () => checkRolePolicy({ Version: '2012-10-17', Statement: [granted, statement] }, "Policy 'own'")

  expect(check).toThrow(`Policy 'own' ${problem}`)
})

test.each([
  undefined,
  { AWS: 'AROAEXAMPLEID' },
  { AWS: ['*', 'arn:aws:iam::111122223333:user/Ann'] },
  { AWS: 'arn:aws:iam::111122223333:role/*' },
  { Federated: 'cognito-identity.amazonaws.com' },
])('a key is not opened to a principal that no caller can be held against: %j', (Principal) => {
  const check = () => checkKeyPolicy({ Version: '2012-10-17', Statement: [{ ...granted, Principal }] }, 'The key')

  expect(check).toThrow(`The key names the principal ${JSON.stringify(Principal)}; supported are '*', services, `)
})

test('a policy of what is supported passes', () => {
  const Condition = {
    ArnNotLikeIfExists: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' },
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['contoso', 'fabrikam*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
    StringEquals: { 'kms:EncryptionContext:tenantId': 'contoso' },
  }
  const statement: Statement = { Effect: 'Deny', NotAction: ['*', 'kms:De?rypt*'], NotResource: tableArn, Condition }
  const Principal = { AWS: [roleArn, '111122223333'], Service: ['logs.amazonaws.com'] }

  checkRolePolicy({ Version: '2012-10-17', Statement: [statement] }, "Policy 'own'")
  checkKeyPolicy({ Version: '2012-10-17', Statement: [{ ...statement, Principal }] }, 'The key')
})
