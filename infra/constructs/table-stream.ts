import { Duration, Validations } from 'aws-cdk-lib'
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { RampartFunction } from './rampart-function.ts'

export interface TableStreamProps {
  readonly streamArn: string
  readonly reader: RampartFunction
  /** Only records of items that have one of these sort keys are read. */
  readonly sortKeys: readonly string[]
}

/** Brings the changes of a table to a function: in order, from the oldest kept one on, again until it succeeds. */
export class TableStream extends Construct {
  constructor(scope: Construct, id: string, { streamArn, reader, sortKeys }: TableStreamProps) {
    super(scope, id)
    const stream = { label: 'Stream', arn: streamArn }
    reader.allow(stream, 'dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords')
    reader.allow({ label: 'Account', arn: '*' }, 'dynamodb:ListStreams')
    Validations.of(reader).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'dynamodb:ListStreams, which Lambda demands of the reader of a stream, has no narrower resource',
    })

    new EventSourceMapping(this, 'Mapping', {
      target: reader.lambda,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      tumblingWindow: Duration.seconds(60), // so that an event names its shard
      bisectBatchOnError: true,
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: sortKeys } } } })],
    })
  }
}
