import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { attribute, policy, resources, synthesized } from './synthesized.ts'

const { app } = synthesized()
const policies = Object.values(resources(app, 'AWS::IAM::Policy', policy)).map(({ Properties }) => Properties)
const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
const functions = Object.values(
  resources(
    app,
    'AWS::Lambda::Function',
    z.object({
      Properties: z.object({ Role: attribute, LoggingConfig: z.object({ LogGroup: z.object({ Ref: z.string() }) }) }),
    }),
  ),
)
const roleNames = functions.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0])

/** What the policies of a role permit. */
const permitted = (role: string) =>
  policies.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role)).flatMap((each) => each.PolicyDocument.Statement)

test('every function has a role of its own', () => {
  expect(new Set(roleNames).size).toBe(roleNames.length)
})

test('no role has a policy that Rampart did not write', () => {
  const role = z.object({ Properties: z.object({ ManagedPolicyArns: z.undefined().optional() }) })

  expect(() => resources(app, 'AWS::IAM::Role', role)).not.toThrow()
})

test('no statement permits more than one action', () => {
  expect(statements.filter(({ Action }) => Action.includes('*'))).toEqual([])
})

test('only what has no narrower resource is permitted on all of them', () => {
  const broad = statements.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)

  expect(broad).toEqual(['dynamodb:ListStreams'])
})

test('only executions and log streams, whose names come later, are permitted by a pattern', () => {
  const patterns = statements.filter(({ Resource }) => Resource !== '*' && JSON.stringify(Resource).includes('*'))

  expect(new Set(patterns.map(({ Action }) => Action))).toEqual(
    new Set(['states:DescribeExecution', 'states:StopExecution', 'states:GetExecutionHistory']),
  )
})

test('the statements of a role are told apart by their identifiers', () => {
  for (const role of roleNames) {
    const identifiers = permitted(role).map(({ Sid }) => Sid)
    expect(new Set(identifiers).size).toBe(identifiers.length)
  }
})

test('every function may write its own log and no other', () => {
  for (const { Properties } of functions) {
    const written = permitted(Properties.Role['Fn::GetAtt'][0]).filter(({ Action }) => Action.startsWith('logs:'))
    const ownLog = { 'Fn::GetAtt': [Properties.LoggingConfig.LogGroup.Ref, 'Arn'] }

    expect(written.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: 'logs:CreateLogStream', Resource: ownLog },
      { Action: 'logs:PutLogEvents', Resource: ownLog },
    ])
  }
  expect(new Set(functions.map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref)).size).toBe(functions.length)
})
