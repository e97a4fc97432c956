import type { PolicyDocument } from '../template/deployment.ts'
import { evaluatePolicies, type Outcome, type Question } from './evaluate-policies.ts'

/**
 * Why a call was denied, worded as AWS words it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
export function denialMessage(question: Question, outcome: Outcome): string {
  const { principalArn, action, resource } = question
  const onWhat = resource === '*' ? '' : ` on resource: ${resource}`
  return `User: ${principalArn} is not authorized to perform: ${action}${onWhat} ${reason(question, outcome)}`
}

function reason(question: Question, outcome: Outcome): string {
  const isIdentityAtFault = !question.keyPolicy || evaluateIdentityAlone(question) === outcome
  const policy = isIdentityAtFault ? 'an identity-based policy' : 'a resource-based policy'
  if (outcome === 'ExplicitlyDenied') return `with an explicit deny in ${policy}`
  return `because no ${policy.replace(/^an? /, '')} allows the ${question.action} action`
}

/** The outcome under a key policy that leaves everything to the account's roles. */
function evaluateIdentityAlone(question: Question): Outcome {
  const account = `arn:aws:iam::${question.principalArn.split(':')[4]}:root`
  const keyPolicy: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }],
  }
  return evaluatePolicies({ ...question, keyPolicy })
}
