import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { KMSClient } from '@aws-sdk/client-kms'
import { SFNClient } from '@aws-sdk/client-sfn'
import { createTables } from '../../../local/dynamodb/create-tables.ts'
import { directClient } from '../../../local/dynamodb/direct-client.ts'
import { startDynamodb } from '../../../local/dynamodb/start-dynamodb.ts'
import { createAuthorizer } from '../../../local/gateway/authorizer.ts'
import { createGateway } from '../../../local/gateway/gateway.ts'
import type { Credentials } from '../../../local/gateway/principals.ts'
import { clientSettings } from '../../../local/gateway/sdk-client.ts'
import type { StepFunctions } from '../../../local/gateway/step-functions-service.ts'
import { openKms } from '../../../local/kms/kms.ts'
import type { PolicyStatement } from '../../../local/template/deployment.ts'
import { aDeployment, functionArn, machineArn } from './small-deployment.ts'

/** A database process with the small deployment's table in it. */
export async function aDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), 'rampart-gateway-'))
  const { endpoint, stop } = await startDynamodb({ dataDir })
  const deployment = aDeployment()
  const streamArns = await createTables(directClient(endpoint, deployment.region), deployment.tables)
  const close = async () => {
    await stop()
    await rm(dataDir, { recursive: true })
  }
  return { endpoint, streamArns, dataDir, close }
}

export type Database = Awaited<ReturnType<typeof aDatabase>>

/** An engine with one token, `known`, that answers each call with what it was asked. */
const engine: StepFunctions = {
  call: async (operation, input) => ({ operation, input, executionArn: 'started', startDate: 0 }),
  stateMachineOfToken: (token) => (token === 'known' ? machineArn : undefined),
}

/** A gateway over `database` for a function with these statements, with clients of that function and of the runtime. */
export function aGateway(database: Database, statements: readonly PolicyStatement[]) {
  const deployment = aDeployment(statements)
  const authorizer = createAuthorizer(deployment)
  const kms = openKms({ keys: deployment.keys, dataDir: database.dataDir })
  const gateway = createGateway({ deployment, authorizer, dynamodb: database, kms, stepFunctions: engine })
  return {
    gateway,
    authorizer,
    ofFunction: clientsOf(gateway.credentialsFor(functionArn)),
    ofRuntime: clientsOf(gateway.runtimeCredentials),
    close: gateway.close,
  }

  function clientsOf(credentials: Credentials) {
    const settings = clientSettings(gateway, credentials)
    return {
      dynamodb: new DynamoDBClient(settings),
      streams: new DynamoDBStreamsClient(settings),
      kms: new KMSClient(settings),
      stepFunctions: new SFNClient(settings),
    }
  }
}
