import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import type { PolicyDocument } from '../template/deployment.ts'

export type Outcome = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied'

export interface NamedPolicy {
  readonly name: string
  readonly document: PolicyDocument
}

export interface Question {
  readonly principalArn: string
  readonly action: string
  readonly resource: string
  readonly conditions: Readonly<Record<string, string | string[]>>
  readonly identityPolicies: readonly NamedPolicy[]
  /** The policy of the key that is used, where the resource is one. */
  readonly keyPolicy: PolicyDocument | undefined
}

/**
 * What IAM decides. The evaluation that also validates would refuse `states:SendTaskSuccess` on a state machine: the
 * reference lists no resource for it, though the service checks the machine's ARN
 * (https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html).
 */
export function evaluatePolicies(question: Question): Outcome {
  const { principalArn, action, resource, conditions, identityPolicies, keyPolicy } = question
  const accountId = principalArn.split(':')[4] ?? ''
  return runUnsafeSimulation(
    {
      request: {
        principal: principalArn,
        action,
        resource: { resource, accountId },
        contextVariables: { ...conditions },
      },
      identityPolicies: identityPolicies.map(({ name, document }) => ({ name, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: keyPolicy && named(keyPolicy),
    },
    {},
  )
}

/** The form in which the library takes a policy with a name; without one it fails. */
function named(policyDocument: PolicyDocument) {
  return { __validated: true, policyDocument, metadata: { name: 'key policy' }, errors: [] }
}
