import type { PolicyDocument } from '../template/deployment.ts'

/** The condition keys that the gateway gives a value, or knows to be absent of a direct call, in lower case. */
const supplied = [
  'aws:principalaccount',
  'aws:principalarn',
  'dynamodb:enclosingoperation',
  'dynamodb:leadingkeys',
  'dynamodb:returnconsumedcapacity',
  'dynamodb:returnvalues',
  'dynamodb:select',
  'kms:calleraccount',
  'kms:encryptioncontextkeys',
  'kms:grantisforawsresource',
  'kms:macalgorithm',
  'kms:viaservice',
]
const suppliedPrefix = 'kms:encryptioncontext:'

/**
 * The condition keys that a policy's statements look at, in lower case. Throws on one that the gateway can't give a
 * value: a condition on it would decide by chance. `where` names the policy in the error.
 */
export function conditionKeys(document: PolicyDocument, where: string): string[] {
  const keys = document.Statement.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys))
  return [...new Set(keys.map((key) => key.toLowerCase()))].map((key) => {
    if (supplied.includes(key) || key.startsWith(suppliedPrefix)) return key
    throw new Error(`${where} looks at the condition key '${key}'; supported are ${supplied.join(', ')}`)
  })
}
