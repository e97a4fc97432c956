import type { Policy } from './evaluate-policies.ts'

/** The condition keys that the gateway gives a value, or knows to be absent of a direct call, in lower case. */
export const suppliedKeys: readonly string[] = [
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
const severalValued = ['dynamodb:leadingkeys', 'kms:encryptioncontextkeys']

/** The condition keys that a policy's statements look at, in lower case. */
export function conditionKeys({ Statement }: Policy): string[] {
  const keys = Statement.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys))
  return [...new Set(keys.map((key) => key.toLowerCase()))]
}

/** Whether a condition key, in lower case, has its value from the gateway: another would decide by chance. */
export function isSupplied(key: string): boolean {
  return suppliedKeys.includes(key) || key.startsWith(suppliedPrefix)
}

/** Whether a call can have several values for a condition key, in lower case. */
export function hasSeveralValues(key: string): boolean {
  return severalValued.includes(key)
}
