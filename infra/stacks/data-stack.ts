import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { table as layout } from '../../store/table.ts'
import { stageConfig } from '../config.ts'
import type { Target } from '../constructs/permissions.ts'

interface Lifetime {
  readonly keepsData: boolean
  readonly removalPolicy: RemovalPolicy
}

/** What Rampart keeps: its one table, and the keys that protect the table and the packages in it. */
export class DataStack extends Stack {
  readonly tableName: string
  readonly streamArn: string
  readonly table: Target
  readonly gsi1: Target
  readonly gsi2: Target
  /** Encrypts the data keys of package contents. */
  readonly contentKey: Target
  /** Makes package fingerprints that only Rampart can compute. */
  readonly fingerprintKey: Target

  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'Rampart: the table and the keys' })
    const { keepsData } = stageConfig(this)
    const removalPolicy = keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY
    const symmetric = { removalPolicy, enableKeyRotation: true }
    const hmac = { removalPolicy, keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC }

    const tableKey = new Key(this, 'TableKey', { ...symmetric, description: 'Encrypts the Rampart table' })
    tableKey.addToResourcePolicy(useThroughDynamoDB(this))
    const table = rampartTable(this, tableKey, { keepsData, removalPolicy })
    this.tableName = table.tableName
    this.streamArn = streamArnOf(table)
    this.table = { label: 'Table', arn: table.tableArn }
    this.gsi1 = { label: 'Gsi1', arn: indexArn(table, 'gsi1') }
    this.gsi2 = { label: 'Gsi2', arn: indexArn(table, 'gsi2') }

    const contentKey = new Key(this, 'ContentKey', {
      ...symmetric,
      description: 'Encrypts the keys of package contents',
    })
    this.contentKey = { label: 'ContentKey', arn: contentKey.keyArn }
    const fingerprintKey = new Key(this, 'FingerprintKey', {
      ...hmac,
      description: 'Makes the fingerprints of packages',
    })
    this.fingerprintKey = { label: 'FingerprintKey', arn: fingerprintKey.keyArn }

    new CfnOutput(this, 'TableName', { value: this.tableName })
  }
}

/**
 * Whoever may use the table may use its key, but only by way of DynamoDB: what the key that AWS manages says too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function useThroughDynamoDB({ account, region }: Stack) {
  return new PolicyStatement({
    sid: 'UseThroughDynamoDB',
    principals: [new AnyPrincipal()],
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:CreateGrant',
      'kms:DescribeKey',
    ],
    resources: ['*'],
    conditions: {
      StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `dynamodb.${region}.amazonaws.com` },
    },
  })
}

function rampartTable(scope: Construct, encryptionKey: Key, { keepsData, removalPolicy }: Lifetime) {
  const attribute = (name: string) => ({ name, type: AttributeType.STRING })
  const table = new Table(scope, 'Table', {
    partitionKey: attribute(layout.partitionKey),
    sortKey: attribute(layout.sortKey),
    timeToLiveAttribute: layout.ttlAttribute,
    billingMode: BillingMode.PAY_PER_REQUEST,
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: keepsData,
    removalPolicy,
  })
  for (const indexName of layout.indexes) {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: attribute(`${indexName}pk`),
      sortKey: attribute(`${indexName}sk`),
      projectionType: ProjectionType.KEYS_ONLY,
    })
  }
  return table
}

function streamArnOf({ tableStreamArn }: Table): string {
  if (!tableStreamArn) throw new Error('The table has no stream; expected one of new and old images')
  return tableStreamArn
}

function indexArn({ tableArn }: Table, indexName: (typeof layout.indexes)[number]): string {
  return `${tableArn}/index/${indexName}`
}
