import { expect, test } from '@jest/globals'
import { Match } from 'aws-cdk-lib/assertions'
import { table } from '../../store/table.ts'
import { synthesized } from './synthesized.ts'

const { data } = synthesized()

test('the table has the keys, indexes and time to live that the stores use', () => {
  const schema = (name: string) => [
    { AttributeName: `${name}pk`, KeyType: 'HASH' },
    { AttributeName: `${name}sk`, KeyType: 'RANGE' },
  ]

  data.hasResourceProperties('AWS::DynamoDB::Table', {
    KeySchema: [
      { AttributeName: table.partitionKey, KeyType: 'HASH' },
      { AttributeName: table.sortKey, KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: table.indexes.map((name) => ({
      IndexName: name,
      KeySchema: schema(name),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
    TimeToLiveSpecification: { AttributeName: table.ttlAttribute, Enabled: true },
  })
})

test('the table is paid by request, can be restored to any second, and streams old and new images', () => {
  data.hasResourceProperties('AWS::DynamoDB::Table', {
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
  })
})

test('the key of the table serves only by way of DynamoDB and only this account', () => {
  data.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'UseThroughDynamoDB',
          Condition: {
            StringEquals: { 'kms:CallerAccount': { Ref: 'AWS::AccountId' }, 'kms:ViaService': Match.anyValue() },
          },
        }),
      ]),
    },
  })
})

test('fingerprints are made by a key that can do nothing else', () => {
  data.hasResourceProperties('AWS::KMS::Key', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
})

test('production keeps its data when the stack goes, development does not', () => {
  const production = synthesized('production').data

  for (const type of ['AWS::DynamoDB::Table', 'AWS::KMS::Key']) {
    data.allResources(type, { DeletionPolicy: 'Delete' })
    production.allResources(type, { DeletionPolicy: 'Retain' })
  }
  production.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true })
})

test('an unknown stage is refused by name', () => {
  expect(() => synthesized('staging')).toThrow("Stage 'staging' is unknown; expected development or production")
})
