import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SFNClient } from '@aws-sdk/client-sfn'
import type { Gateway } from '../gateway/gateway.ts'
import { clientSettings } from '../gateway/sdk-client.ts'
import type { FunctionResource } from '../template/deployment.ts'

/** AWS clients that call the gateway with the function's own credentials. */
export function functionClients(gateway: Gateway, { arn }: FunctionResource) {
  const settings = clientSettings(gateway, gateway.credentialsFor(arn))
  return {
    dynamodb: new DynamoDBClient(settings),
    kms: new KMSClient(settings),
    stepFunctions: new SFNClient(settings),
  }
}
