import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { connect } from '../store/connection.ts'
import { tenantStore } from '../store/tenants.ts'
import type { Clock } from './clock.ts'
import type { Gateway } from './gateway/gateway.ts'
import { clientSettings } from './gateway/sdk-client.ts'
import type { Deployment } from './template/deployment.ts'

/** The tenant that a local runtime serves. */
export const demoTenant = { tenantId: 'demo', name: 'Demo' }

/** Makes the demo tenant exist. A tenant is created when Rampart is installed for it, so no API does it. */
export async function createDemoTenant(gateway: Gateway, { tables }: Deployment, clock: Clock): Promise<void> {
  const client = new DynamoDBClient(clientSettings(gateway, gateway.runtimeCredentials))
  const createdAt = new Date(clock.now()).toISOString()
  for (const { name } of tables) await tenantStore(connect(client, name)).create({ ...demoTenant, createdAt })
}
