import type { Deployment, PolicyStatement, RoleResource, TableResource } from '../../../local/template/deployment.ts'

const region = 'eu-west-1'
const accountId = '111122223333'

export const tableArn = `arn:aws:dynamodb:${region}:${accountId}:table/rampart-test`
export const streamArn = `${tableArn}/stream/of-the-deployment`
export const contentKeyArn = `arn:aws:kms:${region}:${accountId}:key/content`
export const fingerprintKeyArn = `arn:aws:kms:${region}:${accountId}:key/fingerprint`
export const machineArn = `arn:aws:states:${region}:${accountId}:stateMachine:Rotation`
export const roleArn = `arn:aws:iam::${accountId}:role/ListPoliciesRole`
export const functionArn = `arn:aws:lambda:${region}:${accountId}:function:ListPolicies`

/** A table with an index, a stream and a time-to-live attribute. */
export function aTable(changes: Partial<TableResource> = {}): TableResource {
  return {
    logicalId: 'Table',
    name: 'rampart-test',
    arn: tableArn,
    keySchema: [
      { name: 'pk', keyType: 'HASH' },
      { name: 'sk', keyType: 'RANGE' },
    ],
    attributes: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((name) => ({ name, type: 'S' })),
    indexes: [anIndex('gsi1')],
    streamViewType: 'NEW_AND_OLD_IMAGES',
    streamArn,
    ttlAttribute: 'expiresAtSeconds',
    ...changes,
  }
}

/** An index of the keys only, on `<name>pk` and `<name>sk`. */
export function anIndex(name: string): TableResource['indexes'][number] {
  const keySchema = [
    { name: `${name}pk`, keyType: 'HASH' as const },
    { name: `${name}sk`, keyType: 'RANGE' as const },
  ]
  return { name, keySchema, projectionType: 'KEYS_ONLY', nonKeyAttributes: [] }
}

/** The role of the one function, with these statements. */
export function aRole(statements: readonly PolicyStatement[], arn = roleArn): RoleResource {
  const document = { Version: '2012-10-17', Statement: statements }
  return {
    logicalId: 'Role',
    arn,
    trust: { Version: '2012-10-17', Statement: [] },
    policies: [{ name: 'own', document }],
  }
}

/** A statement that allows `actions` on `resources`. */
export function allow(
  actions: string | string[],
  resources: string | string[],
  changes: Partial<PolicyStatement> = {},
) {
  return { Effect: 'Allow' as const, Action: actions, Resource: resources, ...changes }
}

/** One table, two keys and one function, whose role has these statements. */
export function aDeployment(statements: readonly PolicyStatement[] = []): Deployment {
  const accountPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow' as const,
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  }
  return {
    region,
    accountId,
    tables: [aTable()],
    keys: [
      { logicalId: 'ContentKey', arn: contentKeyArn, keySpec: 'SYMMETRIC_DEFAULT', policy: accountPolicy },
      { logicalId: 'FingerprintKey', arn: fingerprintKeyArn, keySpec: 'HMAC_256', policy: accountPolicy },
    ],
    roles: [aRole(statements)],
    functions: [
      {
        logicalId: 'ListPolicies',
        name: 'ListPolicies',
        arn: functionArn,
        entry: 'api/policies',
        timeoutSeconds: 10,
        environment: {},
        roleArn,
        logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/ListPolicies`,
      },
    ],
    stateMachines: [],
    apis: [],
    schedules: [],
    streamMappings: [],
    permissions: [],
  }
}
