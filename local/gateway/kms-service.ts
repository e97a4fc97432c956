import { z } from 'zod'
import type { Kms } from '../kms/kms.ts'
import type { ConditionValue } from './access.ts'
import { type Call, jsonResponse, membersOf } from './messages.ts'
import type { Service } from './service.ts'

const operations = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'GenerateMac', 'VerifyMac']
const conditionMembers = z.looseObject({
  EncryptionContext: z.record(z.string(), z.string()).default({}),
  MacAlgorithm: z.string().optional(),
})
const contextPrefix = 'kms:encryptioncontext:'

/** KMS, on the key that a call names or, of Decrypt, that its ciphertext names. */
export function kmsService(kms: Kms): Service {
  return {
    targetPrefix: 'TrentService',
    accessOf(call) {
      if (!operations.includes(call.operation)) return undefined
      const { arn } = kms.keyOf(call.operation, call.input)
      return [{ action: `kms:${call.operation}`, resource: arn, conditionValue: (key) => conditionValue(key, call) }]
    },
    perform: async ({ operation, input }) => jsonResponse(200, kms.call(operation, input)),
  }
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function conditionValue(key: string, call: Call): ConditionValue {
  const { EncryptionContext, MacAlgorithm } = membersOf(conditionMembers, call)
  if (key === 'kms:macalgorithm') return MacAlgorithm
  if (key === 'kms:encryptioncontextkeys') return Object.keys(EncryptionContext)
  if (!key.startsWith(contextPrefix)) return undefined
  const pairs = Object.entries(EncryptionContext)
  return pairs.find(([name]) => name.toLowerCase() === key.slice(contextPrefix.length))?.[1]
}
