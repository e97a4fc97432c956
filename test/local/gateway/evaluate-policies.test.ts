// The verdicts are compared with those of @cloud-copilot/iam-simulate, an independent simulation of IAM. It is licensed
// under the AGPL-3.0 and Rampart under Apache-2.0: it is a witness for this test only, is no part of what Rampart
// runs or ships, and nothing of it was taken over. It is not asked about the cases of the further tests, where it and
// AWS's pages differ or the pages leave a choice.
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  evaluatePolicies,
  type Outcome,
  type Question,
  type Statement,
} from '../../../local/gateway/evaluate-policies.ts'
import { questions, sessionArn } from './random-questions.ts'
import { allow, machineArn, tableArn } from './small-deployment.ts'

test('agrees with an independent simulation of IAM on any policies, call and condition keys', () => {
  fc.assert(
    fc.property(questions(), (question) => {
      expect(evaluatePolicies(question)).toBe(simulated(question))
    }),
    { numRuns: 1000 },
  )
})

test('a call on no resource in particular needs a statement on every resource', () => {
  const list = { ...aQuestion(), action: 'dynamodb:ListStreams', resource: '*' }

  expect(evaluatePolicies(having(list, allow('dynamodb:ListStreams', '*')))).toBe('Allowed')
  expect(evaluatePolicies(having(list, allow('dynamodb:ListStreams', tableArn)))).toBe('ImplicitlyDenied')
})

test('no wildcard reaches past its part of an ARN', () => {
  const start = { ...aQuestion(), action: 'states:StartExecution', resource: `${machineArn}:1` }
  const onMachine = (arn: string) => evaluatePolicies(having(start, allow('states:StartExecution', arn)))

  expect(onMachine('arn:aws:states:*:*:stateMachine:*')).toBe('Allowed')
  expect(onMachine('arn:aws:states:*:stateMachine:Rotation:1')).toBe('ImplicitlyDenied')
})

test('a condition key without a value is met as one that the call does not have', () => {
  const outcomeOf = (operator: string, wanted: string) => {
    const Condition = { [operator]: { 'dynamodb:LeadingKeys': wanted } }
    const question = { ...aQuestion(), conditions: { 'dynamodb:leadingkeys': [] } }
    return evaluatePolicies(having(question, allow('*', '*', { Condition })))
  }

  expect(outcomeOf('ForAllValues:StringEquals', 'contoso')).toBe('Allowed')
  expect(outcomeOf('ForAnyValue:StringNotEquals', 'contoso')).toBe('ImplicitlyDenied')
  expect(outcomeOf('Null', 'true')).toBe('Allowed')
})

function aQuestion(): Question {
  const nobody = { principalArn: sessionArn, identityPolicies: [], keyPolicy: undefined }
  return { ...nobody, action: 'dynamodb:GetItem', resource: tableArn, conditions: {} }
}

function having(question: Question, ...ofRole: Statement[]): Question {
  return { ...question, identityPolicies: [{ name: 'own', document: { Version: '2012-10-17', Statement: ofRole } }] }
}

function simulated({ principalArn, action, resource, conditions, identityPolicies, keyPolicy }: Question): Outcome {
  const named = { metadata: { name: 'key policy' }, __validated: true, errors: [] }
  const context = Object.entries(conditions).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : [...value],
  ])
  return runUnsafeSimulation(
    {
      request: {
        principal: principalArn,
        action,
        resource: { resource, accountId: '111122223333' },
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
