/**
 * What a synthesized app deploys, with every reference resolved: the only description that the local runtime works
 * from. `readDeployment` makes it; what it cannot represent it refuses by name.
 */
export interface Deployment {
  readonly region: string
  readonly accountId: string
  readonly tables: readonly TableResource[]
  readonly keys: readonly KeyResource[]
  readonly roles: readonly RoleResource[]
  readonly functions: readonly FunctionResource[]
  readonly stateMachines: readonly StateMachineResource[]
  readonly apis: readonly ApiResource[]
  readonly schedules: readonly ScheduleResource[]
  readonly streamMappings: readonly StreamMappingResource[]
  readonly permissions: readonly FunctionPermission[]
}

export interface TableResource {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly keySchema: readonly KeyAttribute[]
  readonly attributes: readonly { name: string; type: 'S' | 'N' | 'B' }[]
  readonly indexes: readonly TableIndex[]
  readonly streamViewType: string | undefined
  readonly streamArn: string | undefined
  readonly ttlAttribute: string | undefined
}

export interface KeyAttribute {
  readonly name: string
  readonly keyType: 'HASH' | 'RANGE'
}

export interface TableIndex {
  readonly name: string
  readonly keySchema: readonly KeyAttribute[]
  readonly projectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  readonly nonKeyAttributes: readonly string[]
}

export interface KeyResource {
  readonly logicalId: string
  readonly arn: string
  /** `SYMMETRIC_DEFAULT` or `HMAC_256`. */
  readonly keySpec: string
  readonly policy: PolicyDocument
}

export interface RoleResource {
  readonly logicalId: string
  readonly arn: string
  readonly trust: PolicyDocument
  readonly policies: readonly { name: string; document: PolicyDocument }[]
}

/** An IAM policy document as it stands in the template, references resolved. */
export interface PolicyDocument {
  readonly Version: string
  readonly Statement: readonly PolicyStatement[]
}

export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Principal?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export interface FunctionResource {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  /** The source file under `functions/`, without its extension: `tasks/enter-wave`. */
  readonly entry: string
  readonly timeoutSeconds: number
  readonly environment: Readonly<Record<string, string>>
  readonly roleArn: string
  /** Of the log group itself, without the `:*` that stands for its streams. */
  readonly logGroupArn: string
}

export interface StateMachineResource {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly roleArn: string
  /** The definition's JSON text, substitutions made. */
  readonly definition: string
}

export interface ApiResource {
  readonly logicalId: string
  readonly apiId: string
  readonly routes: readonly ApiRoute[]
}

export interface ApiRoute {
  /** As API Gateway writes it: `POST /v1/rotations/{rotationId}/actions`. */
  readonly routeKey: string
  readonly functionArn: string
  readonly authorizer: ApiAuthorizer | undefined
}

export type ApiAuthorizer =
  | { readonly kind: 'jwt'; readonly issuer: string; readonly audience: readonly string[] }
  | {
      readonly kind: 'lambda'
      readonly authorizerId: string
      readonly functionArn: string
      readonly identitySources: readonly string[]
      readonly resultTtlSeconds: number
    }

export interface ScheduleResource {
  readonly name: string
  readonly arn: string
  /** `rate(5 minutes)`, `cron(...)` or `at(...)`, as EventBridge Scheduler takes it. */
  readonly expression: string
  readonly timeZone: string
  readonly functionArn: string
  readonly roleArn: string
  /** The event's JSON text, where the template gives one. */
  readonly input: string | undefined
}

export interface StreamMappingResource {
  readonly mappingId: string
  readonly streamArn: string
  readonly functionArn: string
  readonly batchSize: number
  readonly batchingWindowSeconds: number
  readonly tumblingWindowSeconds: number | undefined
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST'
  /** Whether a batch that fails is halved before it is tried again. */
  readonly bisectsOnError: boolean
  /** Event filter patterns; a record that matches none is passed over. Empty: every record. */
  readonly filterPatterns: readonly unknown[]
}

/** Who may invoke a function besides principals with a role. */
export interface FunctionPermission {
  readonly functionArn: string
  readonly principal: string
  readonly sourceArn: string | undefined
}
