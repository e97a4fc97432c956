import { expect, test } from '@jest/globals'
import type { Stack } from '../../../local/template/assembly.ts'
import { resolversByStack } from '../../../local/template/resolve.ts'

const stack: Stack = {
  name: 'Toy',
  parameters: { Stage: { Default: 'test' } },
  conditions: {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    IsLive: { 'Fn::Not': [{ Condition: 'IsTest' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsLive' }] },
    Both: { 'Fn::And': [{ Condition: 'IsTest' }, { Condition: 'IsLive' }] },
  },
  resources: { Role: { Type: 'AWS::IAM::Role' } },
  outputs: {},
}

function resolve(value: unknown): unknown {
  return resolversByStack([stack], {}).get('Toy')?.resolve(value)
}

test.each([
  ['a parameter', { Ref: 'Stage' }, 'test'],
  ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['an attribute', { 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::000000000000:role/Toy-Role'],
  ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-test'],
  [
    'a substitution',
    { 'Fn::Sub': `\${Stage} \${Role} \${Role.Arn} \${!Literal}` },
    `test Toy-Role arn:aws:iam::000000000000:role/Toy-Role \${Literal}`,
  ],
  ['a substitution with values of its own', { 'Fn::Sub': [`\${A}`, { A: { Ref: 'Stage' } }] }, 'test'],
  ['a choice', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  ['a split', { 'Fn::Split': ['/', 'a/b'] }, ['a', 'b']],
  ['a condition that is met', { 'Fn::If': ['IsTest', 'yes', 'no'] }, 'yes'],
  ['a condition that is not met', { 'Fn::If': ['IsLive', 'yes', 'no'] }, 'no'],
  ['one condition or another', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
  ['one condition and another', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
  ['a property without value', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['a list entry without value', [{ Ref: 'AWS::NoValue' }, 1], [1]],
  [
    "a policy statement's condition",
    { Condition: { StringEquals: { key: { Ref: 'Stage' } } } },
    { Condition: { StringEquals: { key: 'test' } } },
  ],
])('resolves %s', (_, value, resolved) => {
  expect(resolve(value)).toEqual(resolved)
})
