import { Construct } from 'constructs'
import { RampartFunction } from '../constructs/rampart-function.ts'
import { Recurrence } from '../constructs/recurrence.ts'
import { TableStream } from '../constructs/table-stream.ts'
import type { DataStack } from '../stacks/data-stack.ts'
import type { RotationWorkflows } from './rotation-workflows.ts'

export interface UpkeepProps {
  readonly data: DataStack
  readonly workflows: RotationWorkflows
}

/** What runs by itself: counting devices as they change, judging waves, and noticing silent devices. */
export class Upkeep extends Construct {
  constructor(scope: Construct, id: string, { data, workflows }: UpkeepProps) {
    super(scope, id)
    const { table, gsi1, gsi2 } = data
    const { target: payloadRotation } = workflows.payloadRotation
    const patient = { timeoutSeconds: 60, memoryMb: 1024 }
    const environment = { TABLE_NAME: data.tableName }

    const countDevices = new RampartFunction(this, 'CountDevices', {
      ...patient,
      entry: 'streams/count-devices',
      environment,
    })
    countDevices.allow(table, 'dynamodb:GetItem', 'dynamodb:UpdateItem')
    new TableStream(this, 'DeviceChanges', { streamArn: data.streamArn, reader: countDevices, sortKeys: ['device'] })

    const evaluateRotations = new RampartFunction(this, 'EvaluateRotations', {
      ...patient,
      entry: 'schedules/evaluate-rotations',
      environment: { ...environment, PAYLOAD_ROTATION_ARN: payloadRotation.arn },
    })
    evaluateRotations.allow(table, 'dynamodb:Query', 'dynamodb:GetItem')
    evaluateRotations.allow(table, 'dynamodb:PutItem', 'dynamodb:DeleteItem')
    evaluateRotations.allow(gsi1, 'dynamodb:Query')
    evaluateRotations.allow(payloadRotation, 'states:StartExecution')
    workflows.allowCompletionBy(evaluateRotations)
    new Recurrence(this, 'RotationsEveryQuarterHour', { expression: 'rate(15 minutes)', calls: evaluateRotations })

    const sweepDevices = new RampartFunction(this, 'SweepDevices', {
      ...patient,
      entry: 'schedules/sweep-devices',
      environment,
    })
    sweepDevices.allow(table, 'dynamodb:GetItem', 'dynamodb:PutItem')
    sweepDevices.allow(gsi1, 'dynamodb:Query')
    sweepDevices.allow(gsi2, 'dynamodb:Query')
    new Recurrence(this, 'DevicesEveryHour', { expression: 'rate(1 hour)', calls: sweepDevices })
  }
}
