import { CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Api } from '../constructs/api.ts'
import { RampartFunction } from '../constructs/rampart-function.ts'
import { DeviceRoutes } from '../parts/device-routes.ts'
import { FleetRoutes } from '../parts/fleet-routes.ts'
import { RotationRoutes } from '../parts/rotation-routes.ts'
import { RotationWorkflows } from '../parts/rotation-workflows.ts'
import { Upkeep } from '../parts/upkeep.ts'
import type { DataStack } from './data-stack.ts'

/** What works on the data: the workflows, the API of operators and devices, and what runs by itself. */
export class AppStack extends Stack {
  constructor(scope: Construct, id: string, { data }: { data: DataStack }) {
    super(scope, id, { description: 'Rampart: functions, state machines and the HTTP API' })
    const api = rampartApi(this, data)
    const workflows = new RotationWorkflows(this, 'Workflows', { data })
    new DeviceRoutes(this, 'Devices', { data, api })
    new FleetRoutes(this, 'Fleet', { data, api })
    new RotationRoutes(this, 'Rotations', { data, api, workflows })
    new Upkeep(this, 'Upkeep', { data, workflows })

    new CfnOutput(this, 'ApiEndpoint', { value: api.endpoint })
    new CfnOutput(this, 'PayloadRotationArn', { value: workflows.payloadRotation.target.arn })
    new CfnOutput(this, 'RotationWaveArn', { value: workflows.rotationWave.target.arn })
  }
}

function rampartApi(stack: Stack, { table, tableName }: DataStack) {
  const issuer = new CfnParameter(stack, 'OidcIssuer', { description: 'URL of the issuer of operator tokens' })
  const audience = new CfnParameter(stack, 'OidcAudience', { description: 'Audience that operator tokens name' })

  const authorizeDevice = new RampartFunction(stack, 'AuthorizeDevice', {
    entry: 'device/authorize-device',
    timeoutSeconds: 5,
    memoryMb: 512,
    environment: { TABLE_NAME: tableName },
  })
  authorizeDevice.allow(table, 'dynamodb:GetItem')

  return new Api(stack, 'Api', {
    issuer: issuer.valueAsString,
    audience: audience.valueAsString,
    deviceAuthorizer: authorizeDevice,
  })
}
