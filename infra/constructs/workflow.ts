import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib'
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { permit, type Step, type Target } from './permissions.ts'
import type { RampartFunction } from './rampart-function.ts'

export interface WorkflowProps {
  /** The file in `state-machines/`, without `.asl.json`. */
  readonly definition: string
  /** What the definition may name as `${Name}`, where the name is the label of the step's target. */
  readonly steps: readonly Step[]
}

/** A state machine that may call exactly the functions and machines that its definition names. */
export class Workflow extends Construct implements Step {
  readonly target: Target
  /** Every execution of the machine. */
  readonly executions: Target
  /** Whether it has tasks that wait until somebody completes them. */
  readonly hasWaits: boolean

  constructor(scope: Construct, id: string, { definition, steps }: WorkflowProps) {
    super(scope, id)
    const file = `${definition}.asl.json`
    const text = readFileSync(join(import.meta.dirname, '../../state-machines', file), 'utf8')
    const named = stepsNamedIn(text, { file, steps })

    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') })
    const machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: Object.fromEntries(named.map(({ target }) => [target.label, target.arn])),
      role,
    })
    for (const permission of named.flatMap((step) => step.callPermissions())) role.addToPrincipalPolicy(permission)
    acknowledgeMissingLogs(machine)
    acknowledgeExecutionNames(machine)

    this.hasWaits = text.includes('.waitForTaskToken')
    this.target = { label: id, arn: machine.stateMachineArn }
    this.executions = { label: `${id}Execution`, arn: executionArns(machine) }
  }

  /**
   * Lets `completer` complete the tasks of this machine that wait for a callback.
   *
   * A policy beside the machine, not one of the function's own: the machine comes after the functions that it calls,
   * and those come after their own permissions.
   */
  allowCompletionBy({ role, target }: RampartFunction) {
    const policy = new Policy(this, `CompletionBy${target.label}`, { roles: [role] })
    policy.addStatements(...permit(this.target, 'states:SendTaskSuccess'))
  }

  /**
   * To start an execution and wait for it: Step Functions learns of its end by a rule that it manages itself.
   * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   */
  callPermissions() {
    const rule = {
      service: 'events',
      resource: 'rule',
      resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
    }
    const managedRule = { label: 'ManagedRule', arn: Stack.of(this).formatArn(rule) }
    return [
      ...permit(this.target, 'states:StartExecution'),
      ...permit(this.executions, 'states:DescribeExecution', 'states:StopExecution'),
      ...permit(managedRule, 'events:PutRule', 'events:PutTargets', 'events:DescribeRule'),
    ]
  }
}

function stepsNamedIn(text: string, { file, steps }: { file: string; steps: readonly Step[] }): Step[] {
  const names = new Set([...text.matchAll(/\$\{(\w+)\}/g)].flatMap(([, name]) => name ?? []))
  return [...names].map((name) => {
    const step = steps.find(({ target }) => target.label === name)
    if (step) return step
    const known = steps.map(({ target }) => target.label).join(', ')
    throw new Error(`state-machines/${file} names '\${${name}}', which is none of ${known}`)
  })
}

function executionArns(machine: StateMachine) {
  return Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}

function acknowledgeMissingLogs(machine: StateMachine) {
  Validations.of(machine).acknowledge(
    {
      id: 'AwsSolutions-SF1',
      reason: 'Its history tells all that a log would, and log delivery can only be permitted on every resource',
    },
    { id: 'AwsSolutions-SF2', reason: 'Trace segments can only be permitted on every resource' },
  )
}

/** The executions of a machine are named as they start, so a permission on them ends with a wildcard. */
function acknowledgeExecutionNames(machine: StateMachine) {
  const stack = Stack.of(machine)
  if (!(machine.node.defaultChild instanceof CfnStateMachine)) return
  const name = `<${stack.getLogicalId(machine.node.defaultChild)}.Name>`
  Validations.of(stack).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}:*]`,
    reason: 'It is about every execution of one machine, and those are named as they start',
  })
}
