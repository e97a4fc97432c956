import type { Authorizer } from '../gateway/authorizer.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Deployment, FunctionResource, StreamMappingResource } from '../template/deployment.ts'
import { openPositions } from './positions.ts'
import { type StreamMappingOptions, streamMapping } from './stream-mapping.ts'
import { type StreamCall, streamReader } from './stream-reader.ts'

/** What the stream mappings need of their surroundings. */
export interface StreamsOptions extends Pick<StreamMappingOptions, 'clock' | 'invoke' | 'onProblem'> {
  readonly deployment: Deployment
  readonly gateway: Gateway
  readonly authorizer: Authorizer
  /** The file that keeps how far each mapping has come. */
  readonly positionsPath: string
}

/** Starts every stream mapping of the deployment; returns a function that ends them. */
export function startStreams({
  deployment,
  gateway,
  authorizer,
  positionsPath,
  ...options
}: StreamsOptions): () => void {
  const positions = openPositions(positionsPath)
  const ends = deployment.streamMappings.map((mapping) => {
    const table = deployment.tables.find(({ streamArn }) => streamArn === mapping.streamArn)
    const reading = deployment.functions.find(({ arn }) => arn === mapping.functionArn)
    if (!table || !reading) throw new Error(`Stream mapping '${mapping.mappingId}' has no table or no function`)
    requireAccess(authorizer, mapping, reading)

    const reader = streamReader(mapping.streamArn, streamCall(gateway, reading))
    const { notice, drain } = streamMapping({ ...options, mapping, reader, positions })
    options.clock.beforeSkip(drain)
    notice()
    return gateway.onWrite(table.name, notice)
  })
  return () => {
    for (const end of ends) end()
  }
}

/** Lambda does not even create a mapping whose function may not read the stream. */
function requireAccess(authorizer: Authorizer, { streamArn }: StreamMappingResource, reading: FunctionResource): void {
  const needed = {
    'dynamodb:DescribeStream': streamArn,
    'dynamodb:GetRecords': streamArn,
    'dynamodb:GetShardIterator': streamArn,
    'dynamodb:ListStreams': '*',
  }
  for (const [action, resource] of Object.entries(needed)) {
    const { isAllowed, message } = authorizer.authorize({ ...reading, action, resource })
    if (!isAllowed) throw new Error(`The function '${reading.entry}' can't be given records: ${message}`)
  }
}

function streamCall(gateway: Gateway, { arn }: FunctionResource): StreamCall {
  const { accessKeyId } = gateway.credentialsFor(arn)
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${gateway.region}/dynamodb/aws4_request`
  return async (operation, input) => {
    const headers = { authorization, 'x-amz-target': `DynamoDBStreams_20120810.${operation}` }
    const { status, body } = await gateway.handle({ headers, body: JSON.stringify(input) })
    const text = Buffer.from(body).toString()
    if (status !== 200) throw new Error(`${operation} was refused: ${text}`)
    return JSON.parse(text)
  }
}
