import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import type { RampartFunction } from './rampart-function.ts'

export interface RecurrenceProps {
  /** When, as EventBridge Scheduler takes it: `rate(5 minutes)`. */
  readonly expression: string
  readonly calls: RampartFunction
}

/** A schedule that calls a function, in a role which may do just that. */
export class Recurrence extends Construct {
  constructor(scope: Construct, id: string, { expression, calls }: RecurrenceProps) {
    super(scope, id)
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') })
    for (const permission of calls.callPermissions()) role.addToPrincipalPolicy(permission)

    new CfnSchedule(this, 'Schedule', {
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: calls.target.arn, roleArn: role.roleArn, input: '{}', retryPolicy: { maximumRetryAttempts: 0 } },
    }).node.addDependency(role)
  }
}
