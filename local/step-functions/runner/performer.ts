import type { Clock } from '../../clock.ts'
import type { RunningTask } from '../core/execution.ts'
import type { Input, TaskAnswer } from '../core/input.ts'
import type { FunctionAnswer, FunctionCall } from '../engine.ts'
import type { OutsideEffect } from './loop.ts'
import type { NestedExecutions } from './nested-executions.ts'
import { functionCallOf, taskAnswerOf } from './perform-task.ts'
import type { Running } from './running.ts'

export interface PerformerOptions {
  readonly clock: Clock
  readonly nested: NestedExecutions
  invokeFunction(call: FunctionCall): Promise<FunctionAnswer>
}

/** Does what executions want done outside of themselves: calls functions, starts, awaits and stops executions. */
export function performer(options: PerformerOptions) {
  const { clock, nested } = options
  const callFunction = async (running: Running, task: RunningTask): Promise<TaskAnswer> => {
    const call = functionCallOf(task, running.execution.roleArn, running.identity.executionArn)
    return taskAnswerOf(task, await options.invokeFunction(call).catch(unreachable))
  }

  const performInFrame = (
    running: Running,
    effect: Exclude<OutsideEffect, { type: 'stopExecution' }>,
    task: RunningTask,
    tell: (answer: TaskAnswer) => void,
  ) => {
    if (effect.type === 'awaitExecution') nested.onEnd(effect.childArn, task, tell)
    else if (task.resource.startsWith('arn:aws:states:::states:')) tell(nested.start(running, effect.frame, task))
    else void clock.track(callFunction(running, task).then(tell))
  }

  return (running: Running, effect: OutsideEffect, answer: (input: Input) => void): void => {
    if (effect.type === 'stopExecution') {
      nested.stop(running.execution.roleArn, effect.childArn)
      return
    }
    const { frame, ticket } = effect
    const found = running.execution.frames.get(frame)
    if (found?.ticket !== ticket || found.phase.is !== 'running') return
    performInFrame(running, effect, found.phase, (given) => answer({ type: 'answered', frame, ticket, answer: given }))
  }
}

function unreachable(error: unknown): FunctionAnswer {
  const cause = error instanceof Error ? error.message : String(error)
  return { kind: 'serviceError', error: 'Lambda.SdkClientException', cause }
}
