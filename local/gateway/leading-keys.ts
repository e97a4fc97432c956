import { z } from 'zod'
import { ServiceError } from './service-error.ts'

const attributeValue = z.record(z.string(), z.unknown())
const queryMembers = z.looseObject({
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: attributeValue.default({}),
})

/** The value of the key attribute `name` of an item, as a condition on `dynamodb:LeadingKeys` sees it. */
export function keyValue(attributes: Readonly<Record<string, unknown>>, name: string): string {
  const [value] = Object.values(attributeValue.safeParse(attributes[name]).data ?? {})
  if (typeof value === 'string') return value
  throw missingKey(name)
}

/**
 * The value that a Query asks its partition key `name` to equal. Throws where it can't be told, as DynamoDB does where
 * there is none: a condition on the leading keys must not pass because they are unknown.
 */
export function queriedKeyValue(query: unknown, name: string): string {
  const { success, data } = queryMembers.safeParse(query)
  if (!success) throw missingKey(name)
  const { KeyConditionExpression = '', ExpressionAttributeNames: names, ExpressionAttributeValues: values } = data
  for (const [, left = '', right = ''] of KeyConditionExpression.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)) {
    if ((names[left] ?? left) === name) return keyValue({ [name]: values[right] }, name)
  }
  throw missingKey(name)
}

function missingKey(name: string): ServiceError {
  return new ServiceError('ValidationException', `Query condition missed key schema element: ${name}`)
}
