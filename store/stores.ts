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

/** The stores over one table, each made when it is first used: a function needs few of them, and must start fast. */
export function createStores({ client, tableName }: { client: DynamoDBClient; tableName: string }): Stores {
  const connection = connect(client, tableName)
  const made: { -readonly [Name in keyof Stores]?: Stores[Name] } = {}
  return {
    get tenants() {
      made.tenants ??= tenantStore(connection)
      return made.tenants
    },
    get configurations() {
      made.configurations ??= configurationStore(connection)
      return made.configurations
    },
    get policies() {
      made.policies ??= policyStore(connection)
      return made.policies
    },
    get groups() {
      made.groups ??= groupStore(connection)
      return made.groups
    },
    get packages() {
      made.packages ??= packageStore(connection)
      return made.packages
    },
    get devices() {
      made.devices ??= deviceStore(connection)
      return made.devices
    },
    get enrolmentTokens() {
      made.enrolmentTokens ??= enrolmentTokenStore(connection)
      return made.enrolmentTokens
    },
    get rotations() {
      made.rotations ??= rotationStore(connection)
      return made.rotations
    },
    get counters() {
      made.counters ??= counterStore(connection)
      return made.counters
    },
    get idempotency() {
      made.idempotency ??= idempotencyStore(connection)
      return made.idempotency
    },
  }
}
