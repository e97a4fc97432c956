import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Configurations, configurationStore } from './configurations.ts'
import { connect } from './connection.ts'
import { type Counters, counterStore } from './counters.ts'
import { type Devices, deviceStore } from './devices.ts'
import { type EnrolmentTokens, enrolmentTokenStore } from './enrolment-tokens.ts'
import { type Groups, groupStore } from './groups.ts'
import { type Idempotency, idempotencyStore } from './idempotency.ts'
import { type Packages, packageStore } from './packages.ts'
import { type Policies, policyStore } from './policies.ts'
import { type Rotations, rotationStore } from './rotations.ts'
import { type Tenants, tenantStore } from './tenants.ts'

/** All that Rampart remembers. */
export interface Stores {
  readonly tenants: Tenants
  readonly configurations: Configurations
  readonly policies: Policies
  readonly groups: Groups
  readonly packages: Packages
  readonly devices: Devices
  readonly enrolmentTokens: EnrolmentTokens
  readonly rotations: Rotations
  readonly counters: Counters
  readonly idempotency: Idempotency
}

/** The stores over one table. */
export function createStores({ client, tableName }: { client: DynamoDBClient; tableName: string }): Stores {
  const connection = connect(client, tableName)
  return {
    tenants: tenantStore(connection),
    configurations: configurationStore(connection),
    policies: policyStore(connection),
    groups: groupStore(connection),
    packages: packageStore(connection),
    devices: deviceStore(connection),
    enrolmentTokens: enrolmentTokenStore(connection),
    rotations: rotationStore(connection),
    counters: counterStore(connection),
    idempotency: idempotencyStore(connection),
  }
}
