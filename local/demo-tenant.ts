import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { connect } from '../store/connection.ts'
import { tenantStore } from '../store/tenants.ts'
import type { Gateway } from './gateway/gateway.ts'
import { clientSettings } from './gateway/sdk-client.ts'

/** The tenant that a local runtime serves. */
export const demoTenant = { tenantId: 'demo', name: 'Demo' }

/** Makes the demo tenant exist. An operator's tenant is created when Rampart is installed, so no API does it. */
export async function createDemoTenant(gateway: Gateway, tableName: string, createdAt: string): Promise<void> {
  const client = new DynamoDBClient(clientSettings(gateway, gateway.runtimeCredentials))
  await tenantStore(connect(client, tableName)).create({ ...demoTenant, createdAt })
}
