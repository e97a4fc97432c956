import { z } from 'zod'
import type { KeyResource, TableResource } from './deployment.ts'
import { policyDocument } from './read-roles.ts'
import { arnOf, inert, type Resource, readProperties, refusal } from './resource.ts'

const keySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .transform((keys) => keys.map(({ AttributeName, KeyType }) => ({ name: AttributeName, keyType: KeyType })))

const index = z
  .strictObject({
    IndexName: z.string(),
    KeySchema: keySchema,
    Projection: z.strictObject({
      ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).default('ALL'),
      NonKeyAttributes: z.array(z.string()).default([]),
    }),
    ContributorInsightsSpecification: inert,
    OnDemandThroughput: inert,
    WriteOnDemandThroughputSettings: inert,
  })
  .transform(({ IndexName, KeySchema, Projection }) => ({
    name: IndexName,
    keySchema: KeySchema,
    projectionType: Projection.ProjectionType,
    nonKeyAttributes: Projection.NonKeyAttributes,
  }))

const tableProperties = z.strictObject({
  TableName: inert,
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  GlobalSecondaryIndexes: z.array(index).default([]),
  StreamSpecification: z.strictObject({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  // A global table's only replica is the table itself; several would be several tables.
  Replicas: z.array(z.unknown()).max(1, 'more than one replica is not supported').optional(),
  BillingMode: inert,
  ContributorInsightsSpecification: inert,
  DeletionProtectionEnabled: inert,
  OnDemandThroughput: inert,
  PointInTimeRecoverySpecification: inert,
  SSESpecification: inert,
  TableClass: inert,
  Tags: inert,
  WriteOnDemandThroughputSettings: inert,
})

/** The table that a resource describes. */
export function readTable(resource: Resource): TableResource {
  const properties = readProperties(resource, tableProperties)
  const { StreamSpecification: stream, TimeToLiveSpecification: timeToLive } = properties
  return {
    logicalId: resource.logicalId,
    name: resource.identity.ref,
    arn: arnOf(resource),
    keySchema: properties.KeySchema,
    attributes: properties.AttributeDefinitions.map(({ AttributeName: name, AttributeType: type }) => ({ name, type })),
    indexes: properties.GlobalSecondaryIndexes,
    streamViewType: stream?.StreamViewType,
    streamArn: stream && resource.identity.attributes.StreamArn,
    ttlAttribute: timeToLive?.Enabled ? timeToLive.AttributeName : undefined,
  }
}

const keyProperties = z.strictObject({
  KeyPolicy: policyDocument,
  KeySpec: z.enum(['SYMMETRIC_DEFAULT', 'HMAC_256']).default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC']).default('ENCRYPT_DECRYPT'),
  Enabled: z.literal(true).optional(),
  Description: inert,
  EnableKeyRotation: inert,
  PendingWindowInDays: inert,
  RotationPeriodInDays: inert,
  Tags: inert,
})

/** The encryption key that a resource describes. */
export function readKey(resource: Resource): KeyResource {
  const { KeyPolicy, KeySpec, KeyUsage } = readProperties(resource, keyProperties)
  if ((KeySpec === 'HMAC_256') !== (KeyUsage === 'GENERATE_VERIFY_MAC'))
    throw refusal(resource, `a key of '${KeySpec}' can't be used for '${KeyUsage}'`)
  return { logicalId: resource.logicalId, arn: arnOf(resource), keySpec: KeySpec, policy: KeyPolicy }
}
