import { z } from 'zod'
import type { FunctionPermission, FunctionResource, StreamMappingResource } from './deployment.ts'
import { localArn } from './environment.ts'
import { arnOf, inert, type Resource, readProperties, refusal } from './resource.ts'

const functionProperties = z.strictObject({
  FunctionName: inert,
  Role: z.string(),
  Timeout: z.coerce.number().default(3),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).prefault({}),
  LoggingConfig: z.strictObject({ LogGroup: z.string().optional(), LogFormat: inert }).prefault({}),
  // The sources run in place of the bundle, on this machine.
  Architectures: inert,
  Code: inert,
  Description: inert,
  Handler: inert,
  MemorySize: inert,
  Runtime: inert,
  Tags: inert,
  TracingConfig: inert,
})

/** The function that a resource describes; its metadata must name the source file. */
export function readFunction(resource: Resource): FunctionResource {
  const { Role, Timeout, Environment, LoggingConfig } = readProperties(resource, functionProperties)
  const { entry } = resource.metadata
  if (typeof entry !== 'string') throw refusal(resource, "its metadata must name its source file as 'entry'")
  const { ref: name } = resource.identity
  return {
    logicalId: resource.logicalId,
    name,
    arn: arnOf(resource),
    entry,
    timeoutSeconds: Timeout,
    environment: Environment.Variables,
    roleArn: Role,
    logGroupArn: localArn('logs', `log-group:${LoggingConfig.LogGroup ?? `/aws/lambda/${name}`}`),
  }
}

const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: inert,
})

/** The permission to invoke a function that a resource describes. */
export function readPermission(resource: Resource): FunctionPermission {
  const { FunctionName, Principal, SourceArn } = readProperties(resource, permissionProperties)
  return { functionArn: functionArnOf(FunctionName), principal: Principal, sourceArn: SourceArn }
}

const mappingProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().default(100),
  MaximumBatchingWindowInSeconds: z.coerce.number().default(0),
  TumblingWindowInSeconds: z.coerce.number().optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.literal(-1).optional(),
  MaximumRecordAgeInSeconds: z.literal(-1).optional(),
  ParallelizationFactor: z.literal(1).optional(),
  Enabled: z.literal(true).optional(),
  Tags: inert,
})

/** The stream mapping that a resource describes; it retries for as long as the function fails. */
export function readStreamMapping(resource: Resource): StreamMappingResource {
  const properties = readProperties(resource, mappingProperties)
  return {
    mappingId: resource.identity.ref,
    streamArn: properties.EventSourceArn,
    functionArn: functionArnOf(properties.FunctionName),
    batchSize: properties.BatchSize,
    batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
    tumblingWindowSeconds: properties.TumblingWindowInSeconds || undefined,
    startingPosition: properties.StartingPosition,
    bisectsOnError: properties.BisectBatchOnFunctionError,
    filterPatterns: (properties.FilterCriteria?.Filters ?? []).map(({ Pattern }): unknown => JSON.parse(Pattern)),
  }
}

/** The function's ARN, from the ARN or the name that a template may give. */
export function functionArnOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : localArn('lambda', `function:${nameOrArn}`)
}
