import { z } from 'zod'
import type { ScheduleResource, StateMachineResource } from './deployment.ts'
import { arnOf, inert, type Resource, readProperties, refusal } from './resource.ts'

const machineProperties = z.strictObject({
  StateMachineName: inert,
  StateMachineType: z.literal('STANDARD').optional(),
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.string()).default({}),
  RoleArn: z.string(),
  EncryptionConfiguration: inert,
  LoggingConfiguration: inert,
  Tags: inert,
  TracingConfiguration: inert,
})

/** The state machine that a resource describes; each `${Name}` of its definition must have a substitution. */
export function readStateMachine(resource: Resource): StateMachineResource {
  const { DefinitionString, DefinitionSubstitutions, RoleArn } = readProperties(resource, machineProperties)
  const definition = DefinitionString.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (_, name: string) => {
    const value = DefinitionSubstitutions[name]
    if (value === undefined) throw refusal(resource, `its definition names '\${${name}}', which has no substitution`)
    return value
  })
  const arn = arnOf(resource)
  return { logicalId: resource.logicalId, name: arn.slice(arn.lastIndexOf(':') + 1), arn, roleArn: RoleArn, definition }
}

const scheduleProperties = z.strictObject({
  Name: inert,
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.literal('ENABLED').optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  Target: z.strictObject({ Arn: z.string(), RoleArn: z.string(), Input: z.string().optional(), RetryPolicy: inert }),
  Description: inert,
  KmsKeyArn: inert,
})

/** The schedule that a resource describes. */
export function readSchedule(resource: Resource): ScheduleResource {
  const { ScheduleExpression, ScheduleExpressionTimezone, Target } = readProperties(resource, scheduleProperties)
  return {
    name: resource.identity.ref,
    arn: arnOf(resource),
    expression: ScheduleExpression,
    timeZone: ScheduleExpressionTimezone,
    functionArn: Target.Arn,
    roleArn: Target.RoleArn,
    input: Target.Input,
  }
}
