import { Construct } from 'constructs'
import type { Api } from '../constructs/api.ts'
import { RampartFunction } from '../constructs/rampart-function.ts'
import type { DataStack } from '../stacks/data-stack.ts'
import type { RotationWorkflows } from './rotation-workflows.ts'

export interface RotationRoutesProps {
  readonly data: DataStack
  readonly api: Api
  readonly workflows: RotationWorkflows
}

/** What operators call to start, steer and watch rotations, and what anyone may read. */
export class RotationRoutes extends Construct {
  constructor(scope: Construct, id: string, { data, api, workflows }: RotationRoutesProps) {
    super(scope, id)
    const { table, tableName } = data
    const { payloadRotation, rotationWave } = workflows
    const answering = { timeoutSeconds: 10, memoryMb: 1024 }
    const environment = { TABLE_NAME: tableName }

    const rotations = new RampartFunction(this, 'Rotations', {
      ...answering,
      entry: 'api/rotations',
      environment: { ...environment, PAYLOAD_ROTATION_ARN: payloadRotation.target.arn },
    })
    rotations.allow(table, 'dynamodb:Query', 'dynamodb:GetItem')
    rotations.allow(table, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem')
    rotations.allow(payloadRotation.target, 'states:StartExecution')
    workflows.allowCompletionBy(rotations)
    api.forOperators(rotations, 'POST /v1/rotations', 'GET /v1/rotations', 'GET /v1/rotations/{rotationId}')
    api.forOperators(rotations, 'GET /v1/rotations/{rotationId}/actions', 'POST /v1/rotations/{rotationId}/actions')
    api.forOperators(rotations, 'GET /v1/rotations/{rotationId}/waves', 'GET /v1/rotations/{rotationId}/decisions')

    const executions = new RampartFunction(this, 'Executions', { ...answering, entry: 'api/executions', environment })
    executions.allow(table, 'dynamodb:Query', 'dynamodb:GetItem')
    for (const { executions: each } of [payloadRotation, rotationWave]) {
      executions.allow(each, 'states:DescribeExecution', 'states:GetExecutionHistory')
    }
    api.forOperators(executions, 'GET /v1/executions', 'GET /v1/executions/{executionId}')
    api.forOperators(executions, 'GET /v1/executions/{executionId}/history')

    const overview = new RampartFunction(this, 'Overview', { ...answering, entry: 'api/overview', environment })
    overview.allow(table, 'dynamodb:Query', 'dynamodb:GetItem')
    api.forOperators(overview, 'GET /v1/overview')

    const documents = new RampartFunction(this, 'Documents', { ...answering, entry: 'api/documents', environment })
    api.forAnyone(documents, 'It tells nothing of any tenant', 'GET /openapi.json', 'GET /healthz')
  }
}
