import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/**
 * The one principal that the database itself ever sees: some endpoints keep a database for each access key.
 * Who may do what is the gateway's business.
 */
export const databaseAccessKeyId = 'RAMPART'

/** A client that speaks to the database past the gateway, to create what the functions then use. */
export function directClient(endpoint: string, region: string): DynamoDBClient {
  const credentials = { accessKeyId: databaseAccessKeyId, secretAccessKey: 'unused' }
  return new DynamoDBClient({ endpoint, region, credentials })
}
