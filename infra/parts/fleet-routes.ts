import { Construct } from 'constructs'
import type { Api } from '../constructs/api.ts'
import { RampartFunction } from '../constructs/rampart-function.ts'
import type { DataStack } from '../stacks/data-stack.ts'

/** What operators call to keep packages, policies, groups and devices. */
export class FleetRoutes extends Construct {
  constructor(scope: Construct, id: string, { data, api }: { data: DataStack; api: Api }) {
    super(scope, id)
    const { table, gsi1, contentKey, fingerprintKey } = data
    const answering = { timeoutSeconds: 10, memoryMb: 1024 }
    const environment = { TABLE_NAME: data.tableName }

    const packages = new RampartFunction(this, 'Packages', {
      ...answering,
      entry: 'api/packages',
      environment: { ...environment, CONTENT_KEY_ARN: contentKey.arn, FINGERPRINT_KEY_ARN: fingerprintKey.arn },
    })
    packages.allow(table, 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem')
    packages.allow(contentKey, 'kms:GenerateDataKey')
    packages.allow(fingerprintKey, 'kms:GenerateMac')
    api.forOperators(packages, 'POST /v1/packages', 'GET /v1/packages', 'GET /v1/packages/{packageId}')

    const policies = new RampartFunction(this, 'Policies', { ...answering, entry: 'api/policies', environment })
    policies.allow(table, 'dynamodb:Query', 'dynamodb:GetItem')
    policies.allow(table, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem')
    api.forOperators(policies, 'POST /v1/policies', 'GET /v1/policies')
    api.forOperators(policies, 'GET /v1/policies/{policyId}', 'PATCH /v1/policies/{policyId}')
    api.forOperators(policies, 'DELETE /v1/policies/{policyId}', 'GET /v1/policies/{policyId}/statusSummary')
    api.forOperators(policies, 'GET /v1/policies/{policyId}/assignments', 'PUT /v1/policies/{policyId}/assignments')

    const groups = new RampartFunction(this, 'Groups', { ...answering, entry: 'api/groups', environment })
    groups.allow(table, 'dynamodb:Query', 'dynamodb:GetItem')
    groups.allow(table, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem')
    groups.allow(gsi1, 'dynamodb:Query')
    api.forOperators(groups, 'POST /v1/groups', 'GET /v1/groups')
    api.forOperators(groups, 'GET /v1/groups/{groupId}', 'DELETE /v1/groups/{groupId}')
    api.forOperators(groups, 'GET /v1/groups/{groupId}/members', 'POST /v1/groups/{groupId}/members')
    api.forOperators(groups, 'DELETE /v1/groups/{groupId}/members/{deviceId}')

    const devices = new RampartFunction(this, 'Devices', { ...answering, entry: 'api/devices', environment })
    devices.allow(table, 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem')
    devices.allow(gsi1, 'dynamodb:Query')
    api.forOperators(devices, 'GET /v1/devices', 'GET /v1/devices/{deviceId}')

    const tokens = new RampartFunction(this, 'EnrolmentTokens', {
      ...answering,
      entry: 'api/enrolment-tokens',
      environment,
    })
    tokens.allow(table, 'dynamodb:PutItem')
    api.forOperators(tokens, 'POST /v1/enrolmentTokens')
  }
}
