import { Construct } from 'constructs'
import type { Api } from '../constructs/api.ts'
import { RampartFunction } from '../constructs/rampart-function.ts'
import type { DataStack } from '../stacks/data-stack.ts'

/** What a device calls: to enrol, and to check in. */
export class DeviceRoutes extends Construct {
  constructor(scope: Construct, id: string, { data, api }: { data: DataStack; api: Api }) {
    super(scope, id)
    const { table, contentKey } = data
    const quick = { timeoutSeconds: 10, memoryMb: 1024 }
    const environment = { TABLE_NAME: data.tableName }

    const enrolments = new RampartFunction(this, 'Enrolments', { ...quick, entry: 'device/enrolments', environment })
    enrolments.allow(table, 'dynamodb:GetItem', 'dynamodb:PutItem')
    api.forAnyone(enrolments, 'The function checks the enrolment token of the request', 'POST /v1/device/enrolments')

    const checkIns = new RampartFunction(this, 'CheckIns', {
      ...quick,
      entry: 'device/check-ins',
      environment: { ...environment, CONTENT_KEY_ARN: contentKey.arn },
    })
    checkIns.allow(table, 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem')
    checkIns.allow(contentKey, 'kms:Decrypt')
    api.forDevices(checkIns, 'POST /v1/device/check-ins')
  }
}
