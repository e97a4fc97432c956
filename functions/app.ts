import { Logger } from '@aws-lambda-powertools/logger'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SFNClient } from '@aws-sdk/client-sfn'
import { createStores, type Stores } from '../store/stores.ts'
import { type Executions, executionService } from './executions.ts'
import { type PackageVault, packageVault } from './package-vault.ts'
import { type PolicyIndexes, policyIndexes } from './policy-indexes.ts'

/** Everything with a side effect that a function may use; the only way to reach it. */
export interface App extends Stores {
  /** The instant now, ISO 8601 UTC. */
  now(): string
  readonly log: Log
  readonly vault: PackageVault
  readonly executions: Executions
  readonly policyIndexes: PolicyIndexes
}

/** One line per event: a constant message and fields. Never a secret among them. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void
  error(message: string, fields: Readonly<Record<string, unknown>>): void
}

export interface LogLine {
  readonly level: 'info' | 'error'
  readonly message: string
  readonly [field: string]: unknown
}

/** Where an app ends: what a runtime gives it. */
export interface Edges {
  /** Milliseconds since the epoch. */
  now(): number
  log(line: LogLine): void
  readonly dynamodb: DynamoDBClient
  readonly kms: KMSClient
  readonly stepFunctions: SFNClient
}

type Environment = Readonly<Record<string, string | undefined>>

/** The app of one function: its environment as deployed, and the edges of the runtime it runs in. */
export function createApp(environment: Environment, edges: Edges): App {
  const stores = createStores({ client: edges.dynamodb, tableName: environment.TABLE_NAME ?? '' })
  const own: Omit<App, keyof Stores> = {
    now: () => new Date(edges.now()).toISOString(),
    log: {
      info: (message, fields) => edges.log({ ...fields, level: 'info', message }),
      error: (message, fields) => edges.log({ ...fields, level: 'error', message }),
    },
    vault: packageVault(edges.kms, {
      contentKeyArn: environment.CONTENT_KEY_ARN ?? '',
      fingerprintKeyArn: environment.FINGERPRINT_KEY_ARN ?? '',
    }),
    executions: executionService(edges.stepFunctions, environment.PAYLOAD_ROTATION_ARN ?? ''),
    policyIndexes: policyIndexes(stores),
  }
  return Object.assign(stores, own)
}

let deployed: App | undefined

/** The app of the function that this process was started for, on AWS. */
export function deployedApp(): App {
  deployed ??= createApp(process.env, awsEdges())
  return deployed
}

function awsEdges(): Edges {
  const logger = new Logger({ serviceName: 'rampart' })
  return {
    now: Date.now,
    log: ({ level, message, ...fields }) => logger[level](message, fields),
    dynamodb: new DynamoDBClient(),
    kms: new KMSClient(),
    stepFunctions: new SFNClient(),
  }
}
