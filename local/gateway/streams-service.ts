import { z } from 'zod'
import type { Access } from './access.ts'
import type { Forwarder } from './forward.ts'
import { type Call, type GatewayResponse, membersOf } from './messages.ts'
import type { Service } from './service.ts'
import { ServiceError } from './service-error.ts'

const targetPrefix = 'DynamoDBStreams_20120810'
const onStream = z.looseObject({ StreamArn: z.string() })
const onShard = z.looseObject({ ShardIterator: z.string() })

/**
 * DynamoDB Streams. The deployment's stream ARNs stand for the database's own, and a shard iterator carries its
 * stream's ARN, as AWS's do: it alone says which stream GetRecords reads.
 */
export function streamsService(streamArns: ReadonlyMap<string, string>, { forward }: Forwarder): Service {
  return {
    targetPrefix,
    accessOf,
    async perform(call) {
      const streamArn = streamOf(call)
      const { status, headers, body } = await forward(
        `${targetPrefix}.${call.operation}`,
        forDatabase(call, streamArns),
      )
      return { status, headers, body: forCaller(body, streamArn, streamArns) }
    },
  }
}

function accessOf(call: Call): Access[] | undefined {
  const action = `dynamodb:${call.operation}`
  if (call.operation === 'ListStreams') return [{ action, resource: '*' }]
  const isKnown = ['DescribeStream', 'GetShardIterator', 'GetRecords'].includes(call.operation)
  return isKnown ? [{ action, resource: streamOf(call) ?? '*' }] : undefined
}

function streamOf(call: Call): string | undefined {
  if (call.operation === 'ListStreams') return undefined
  return call.operation === 'GetRecords' ? takeIterator(call).streamArn : membersOf(onStream, call).StreamArn
}

function takeIterator(call: Call): { streamArn: string; iterator: string } {
  const { ShardIterator } = membersOf(onShard, call)
  const end = ShardIterator.indexOf('|')
  if (end < 0) throw new ServiceError('ValidationException', 'Invalid ShardIterator')
  return { streamArn: ShardIterator.slice(0, end), iterator: ShardIterator.slice(end + 1) }
}

function forDatabase(call: Call, streamArns: ReadonlyMap<string, string>): string | Uint8Array {
  if (call.operation === 'ListStreams') return call.body
  if (call.operation === 'GetRecords') {
    return JSON.stringify({ ...membersOf(onShard, call), ShardIterator: takeIterator(call).iterator })
  }
  const members = membersOf(onStream, call)
  return JSON.stringify({ ...members, StreamArn: streamArns.get(members.StreamArn) ?? members.StreamArn })
}

/** Rewrites the text rather than the parsed answer: no item's attribute can look like either of these. */
function forCaller(
  body: Uint8Array,
  streamArn: string | undefined,
  streamArns: ReadonlyMap<string, string>,
): GatewayResponse['body'] {
  let text = Buffer.from(body).toString()
  if (streamArn) text = text.replace(/"(Next)?ShardIterator":"/, (found) => `${found}${streamArn}|`)
  for (const [ours, theirs] of streamArns) text = text.replaceAll(`"StreamArn":"${theirs}"`, `"StreamArn":"${ours}"`)
  return Buffer.from(text)
}
