import { z } from 'zod'
import type { Deployment } from '../template/deployment.ts'
import type { Access, ConditionValue } from './access.ts'
import { keyValue, queriedKeyValue } from './leading-keys.ts'
import { type Call, membersOf } from './messages.ts'
import { validationError } from './service-error.ts'

const item = z.record(z.string(), z.unknown())
const onItem = z.looseObject({ TableName: z.string(), Key: item })
const onItems = z.looseObject({ TableName: z.string(), IndexName: z.string().optional() })
const onTable = z.looseObject({ TableName: z.string() })
const put = z.looseObject({ TableName: z.string(), Item: item })
const batchGet = z.looseObject({ RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(item) })) })
const batchWrite = z.looseObject({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.looseObject({
        PutRequest: z.looseObject({ Item: item }).optional(),
        DeleteRequest: z.looseObject({ Key: item }).optional(),
      }),
    ),
  ),
})
const transaction = z.looseObject({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string() }))),
})

const conditionMembers = z.looseObject({
  Select: z.string().optional(),
  ReturnValues: z.string().optional(),
  ReturnConsumedCapacity: z.string().optional(),
})

const transactActions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
}
const tableOperations = ['DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups']

/** An action on one table, or on its index, before it is said in terms of IAM. */
interface Touch {
  readonly action: string
  readonly tableName: string
  readonly indexName?: string | undefined
  /** The values of the partition keys that are touched, given the name of the attribute; absent of a Scan. */
  readonly leadingKeys?: (hashKey: string) => readonly string[]
}

/** Says of a DynamoDB call what it would do to which table or index; undefined for an unsupported operation. */
export function dynamodbAccess({ region, accountId, tables }: Pick<Deployment, 'region' | 'accountId' | 'tables'>) {
  const tableOf = ({ tableName }: Touch) => tables.find(({ name }) => name === tableName)
  const hashKeyOf = (touch: Touch) => {
    const table = tableOf(touch)
    const keyed = touch.indexName ? table?.indexes.find(({ name }) => name === touch.indexName) : table
    return keyed?.keySchema.find(({ keyType }) => keyType === 'HASH')?.name
  }
  const resourceOf = (touch: Touch) => {
    const table = tableOf(touch)?.arn ?? `arn:aws:dynamodb:${region}:${accountId}:table/${touch.tableName}`
    return touch.indexName ? `${table}/index/${touch.indexName}` : table
  }
  return (call: Call): Access[] | undefined => {
    if (call.operation === 'ListTables') return [{ action: 'dynamodb:ListTables', resource: '*' }]
    return touchesOf(call)?.map((touch) => ({
      action: `dynamodb:${touch.action}`,
      resource: resourceOf(touch),
      conditionValue: (key) => conditionValue(key, call, touch, hashKeyOf(touch)),
    }))
  }
}

function touchesOf(call: Call): Touch[] | undefined {
  const action = call.operation
  switch (action) {
    case 'GetItem':
    case 'DeleteItem':
    case 'UpdateItem': {
      const { TableName, Key } = membersOf(onItem, call)
      return [{ action, tableName: TableName, leadingKeys: (hashKey) => [keyValue(Key, hashKey)] }]
    }
    case 'PutItem': {
      const { TableName, Item } = membersOf(put, call)
      return [{ action, tableName: TableName, leadingKeys: (hashKey) => [keyValue(Item, hashKey)] }]
    }
    case 'Query': {
      const query = membersOf(onItems, call)
      const leadingKeys = (hashKey: string) => [queriedKeyValue(call.input, hashKey)]
      return [{ action, tableName: query.TableName, indexName: query.IndexName, leadingKeys }]
    }
    case 'Scan': {
      const { TableName, IndexName } = membersOf(onItems, call)
      return [{ action, tableName: TableName, indexName: IndexName }]
    }
    case 'BatchGetItem':
      return Object.entries(membersOf(batchGet, call).RequestItems).map(([tableName, { Keys }]) => {
        return { action, tableName, leadingKeys: (hashKey) => Keys.map((key) => keyValue(key, hashKey)) }
      })
    case 'BatchWriteItem':
      return Object.entries(membersOf(batchWrite, call).RequestItems).map(([tableName, writes]) => {
        const items = writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {})
        return { action, tableName, leadingKeys: (hashKey) => items.map((written) => keyValue(written, hashKey)) }
      })
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return membersOf(transaction, call).TransactItems.flatMap(transactTouches)
    default:
      return tableOperations.includes(action) ? [{ action, tableName: membersOf(onTable, call).TableName }] : undefined
  }
}

function transactTouches(part: z.output<typeof transaction>['TransactItems'][number]): Touch[] {
  return Object.entries(part).map(([kind, { TableName, Key, Item }]) => {
    const action = transactActions[kind]
    if (!action)
      throw validationError(`'${kind}' is no part of a transaction; known: ${Object.keys(transactActions).join()}`)
    const touched = item.parse(Item ?? Key ?? {})
    return { action, tableName: TableName, leadingKeys: (hashKey) => [keyValue(touched, hashKey)] }
  })
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function conditionValue(key: string, call: Call, touch: Touch, hashKey: string | undefined): ConditionValue {
  const { Select, ReturnValues, ReturnConsumedCapacity } = membersOf(conditionMembers, call)
  switch (key) {
    case 'dynamodb:leadingkeys':
      return hashKey && touch.leadingKeys?.(hashKey)
    case 'dynamodb:enclosingoperation':
      return call.operation.startsWith('Transact') ? call.operation : undefined
    case 'dynamodb:select':
      return Select
    case 'dynamodb:returnvalues':
      return ReturnValues
    case 'dynamodb:returnconsumedcapacity':
      return ReturnConsumedCapacity
    default:
      return undefined
  }
}
