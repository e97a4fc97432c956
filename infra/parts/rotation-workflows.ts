import { Construct } from 'constructs'
import { RampartFunction } from '../constructs/rampart-function.ts'
import { Workflow } from '../constructs/workflow.ts'
import type { DataStack } from '../stacks/data-stack.ts'

/** The state machines that carry a rotation through its waves, and the tasks that they call. */
export class RotationWorkflows extends Construct {
  readonly payloadRotation: Workflow
  readonly rotationWave: Workflow

  constructor(scope: Construct, id: string, { data }: { data: DataStack }) {
    super(scope, id)
    const { table } = data
    const task = { timeoutSeconds: 30, memoryMb: 512, environment: { TABLE_NAME: data.tableName } }

    const prepareRotation = new RampartFunction(this, 'PrepareRotation', { ...task, entry: 'tasks/prepare-rotation' })
    prepareRotation.allow(table, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem')

    const openWait = new RampartFunction(this, 'OpenWait', { ...task, entry: 'tasks/open-wait' })
    openWait.allow(table, 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem')

    const enterWave = new RampartFunction(this, 'EnterWave', { ...task, entry: 'tasks/enter-wave' })
    enterWave.allow(table, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem')

    const decommissionPolicy = new RampartFunction(this, 'DecommissionPolicy', {
      ...task,
      entry: 'tasks/decommission-policy',
    })
    decommissionPolicy.allow(
      table,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    )

    const rollBack = new RampartFunction(this, 'RollBack', { ...task, entry: 'tasks/roll-back' })
    rollBack.allow(table, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem')

    const finishRotation = new RampartFunction(this, 'FinishRotation', { ...task, entry: 'tasks/finish-rotation' })
    finishRotation.allow(table, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem')

    const tasks = [prepareRotation, openWait, enterWave, decommissionPolicy, rollBack, finishRotation]
    this.rotationWave = new Workflow(this, 'RotationWave', { definition: 'rotation-wave', steps: tasks })
    this.payloadRotation = new Workflow(this, 'PayloadRotation', {
      definition: 'payload-rotation',
      steps: [...tasks, this.rotationWave],
    })
    this.allowCompletionBy(openWait)
  }

  /** Lets `completer` end the waits of the machines. */
  allowCompletionBy(completer: RampartFunction) {
    for (const machine of [this.rotationWave, this.payloadRotation]) {
      if (machine.hasWaits) machine.allowCompletionBy(completer)
    }
  }
}
