import type { Deployment } from '../template/deployment.ts'
import type { Access } from './access.ts'
import { dynamodbAccess } from './dynamodb-access.ts'
import type { Forwarder } from './forward.ts'
import type { Call } from './messages.ts'
import type { Service } from './service.ts'
import type { WriteNotices } from './write-notices.ts'

const writes = ['BatchWriteItem', 'DeleteItem', 'PutItem', 'TransactWriteItems', 'UpdateItem']
const targetPrefix = 'DynamoDB_20120810'

/** DynamoDB: every call is forwarded as it came, and every write to a table is told to `notices`. */
export function dynamodbService(
  deployment: Pick<Deployment, 'region' | 'accountId' | 'tables'>,
  { forward }: Forwarder,
  notices: WriteNotices,
): Service {
  const accessOf = dynamodbAccess(deployment)
  return {
    targetPrefix,
    accessOf,
    async perform(call) {
      const answer = forward(`${targetPrefix}.${call.operation}`, call.body)
      if (writes.includes(call.operation)) await tellOf(call, answer)
      return await answer
    },
  }

  /** A refused write changed nothing; one whose answer got lost may have been made. */
  async function tellOf(call: Call, answer: ReturnType<Forwarder['forward']>) {
    const status = await answer.then((response) => response.status).catch(() => 500)
    if (status !== 400) notices.tell(new Set(accessOf(call)?.map(tableNameOf)))
  }
}

function tableNameOf({ resource }: Access): string {
  return resource.split('/')[1] ?? ''
}
