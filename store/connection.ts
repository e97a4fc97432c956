import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** The table that every store reads and writes, as ElectroDB takes it too. */
export interface Connection {
  readonly client: DynamoDBDocumentClient
  readonly table: string
}

/** The connection to a table. An attribute that is undefined is one that the stored record does not have. */
export function connect(client: DynamoDBClient, tableName: string): Connection {
  const marshallOptions = { removeUndefinedValues: true }
  return { client: DynamoDBDocumentClient.from(client, { marshallOptions }), table: tableName }
}

/** Makes something once for each connection. ElectroDB takes milliseconds to take in a model, so rows are kept. */
export function perConnection<Made>(make: (connection: Connection) => Made): (connection: Connection) => Made {
  const kept = new WeakMap<Connection, { readonly made: Made }>()
  return (connection) => {
    const { made } = kept.get(connection) ?? { made: make(connection) }
    kept.set(connection, { made })
    return made
  }
}
