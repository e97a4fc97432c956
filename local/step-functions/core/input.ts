import type { Json } from '../json.ts'
import type { EvaluationFault, Exit, MapPlan, TaskPlan } from './fact.ts'

/** What an execution reacts to. Where a `ticket` is given, it is ignored once the frame has moved on. */
export type Input =
  | { readonly type: 'start'; readonly input: Json; readonly roleArn: string }
  | { readonly type: 'stop'; readonly error?: string; readonly cause?: string }
  | { readonly type: 'overdue' }
  | (Addressed & { readonly type: 'evaluated'; readonly evaluated: Evaluated })
  | (Addressed & { readonly type: 'due' })
  | (Addressed & { readonly type: 'answered'; readonly answer: TaskAnswer })
  | { readonly type: 'heartbeat'; readonly frame: string }

interface Addressed {
  readonly frame: string
  readonly ticket: number
}

/** What the evaluation of a state's fields gave. */
export type Evaluated =
  | (Exit & { readonly is: 'exit' })
  | { readonly is: 'fail'; readonly error?: string; readonly cause?: string }
  | { readonly is: 'wait'; readonly dueMs: number }
  | { readonly is: 'task'; readonly plan: TaskPlan }
  | { readonly is: 'branches'; readonly input: Json }
  | { readonly is: 'map'; readonly plan: MapPlan }
  /** The evaluation failed. */
  | { readonly is: 'fault'; readonly fault: EvaluationFault; readonly isAfterEntry: boolean }
  /** The fields are fine but the state cannot do what they say. */
  | { readonly is: 'refused'; readonly error: string; readonly cause: string }

/** What came of a task. */
export type TaskAnswer =
  | { readonly is: 'success'; readonly output: Json }
  | { readonly is: 'failure'; readonly error?: string; readonly cause?: string }
  /** The service has taken the order; the task now waits for its token or for the execution `childArn`. */
  | { readonly is: 'submitted'; readonly output: Json; readonly childArn?: string }

/** The time of a step, and the random number in [0, 1) that it may use. */
export interface Moment {
  readonly nowMs: number
  readonly random: number
}

/** What is to be done after a step, once its facts are kept. Each can be made again from the execution's state. */
export type Effect =
  | (Addressed & { readonly type: 'evaluate' })
  | (Addressed & { readonly type: 'perform' })
  | (Addressed & { readonly type: 'awaitExecution'; readonly childArn: string })
  | (Addressed & { readonly type: 'wake'; readonly atMs: number })
  /** The execution ends unless it is over by then. */
  | { readonly type: 'wakeOverdue'; readonly atMs: number }
  | { readonly type: 'stopExecution'; readonly childArn: string }
