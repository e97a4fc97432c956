import type { StateType } from '../definition/machine.ts'
import type { Json, JsonObject } from '../json.ts'

/**
 * One thing that happened in an execution. The facts of an execution, in order, are all that is kept of it: its state
 * is made from them again after a restart, and its history is a view of them. Every value that could come out
 * differently another time (evaluated fields, random delays, tokens, the time) stands in a fact.
 */
export type Fact = Happening & {
  /** The frame that it happened in. */
  readonly frame: string
  readonly atMs: number
  /** Its number in the execution's history; 0 for what the history does not show. */
  readonly id: number
  readonly previousId: number
}

/** What a fact says, apart from where and when. */
export type Happening =
  | { readonly type: 'started'; readonly input: Json; readonly roleArn: string }
  | { readonly type: 'entered'; readonly state: string; readonly stateType: StateType; readonly input: Json }
  | (Exit & { readonly type: 'exited'; readonly state: string; readonly stateType: StateType })
  | (EvaluationFault & { readonly type: 'evaluationFailed' })
  | { readonly type: 'waiting'; readonly dueMs: number }
  | { readonly type: 'waited' }
  | (TaskPlan & { readonly type: 'scheduled'; readonly resource: string })
  | { readonly type: 'begun'; readonly resource: string }
  | { readonly type: 'submitted'; readonly resource: string; readonly output: Json; readonly childArn?: string }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'succeeded'; readonly resource: string; readonly output: Json }
  | { readonly type: 'failed'; readonly resource: string; readonly error?: string; readonly cause?: string }
  | { readonly type: 'timedOut'; readonly resource: string; readonly error: string }
  | { readonly type: 'taskAborted' }
  | { readonly type: 'retrying'; readonly retrier: number; readonly dueMs: number }
  | { readonly type: 'retried' }
  | { readonly type: 'caught'; readonly catcher: number; readonly errorOutput: JsonObject }
  | { readonly type: 'branched'; readonly input: Json; readonly count: number }
  | (MapPlan & { readonly type: 'mapped' })
  | { readonly type: 'iterationStarted'; readonly index: number; readonly state: string }
  | { readonly type: IterationEnd; readonly index: number; readonly state: string }
  | { readonly type: 'branchSucceeded' }
  | { readonly type: 'joined'; readonly stateType: 'Parallel' | 'Map'; readonly output: Json }
  | { readonly type: 'joinFailed'; readonly stateType: 'Parallel' | 'Map' }
  | (Outcome & { readonly type: 'ended' })

export type IterationEnd = 'iterationSucceeded' | 'iterationFailed' | 'iterationAborted'

/** How a state was left: without `next` it was the last of its branch. */
export interface Exit {
  readonly output: Json
  readonly assigned?: JsonObject
  readonly next?: string
}

export interface EvaluationFault {
  readonly state: string
  readonly error: string
  readonly cause: string
  readonly location?: string
}

/** What a Task state is about to do. `reference` is a new UUID: the secret of its token, the name of its execution. */
export interface TaskPlan {
  readonly parameters: Json
  readonly reference: string
  readonly timeoutSeconds?: number
  readonly heartbeatSeconds?: number
}

/** What a Map state is about to do: the items, and what each iteration gets as its input. */
export interface MapPlan {
  readonly items: readonly Json[]
  readonly keys?: readonly string[]
  readonly inputs: readonly Json[]
  readonly maxConcurrency: number
  readonly toleratedFailureCount?: number
  readonly toleratedFailurePercentage?: number
}

/** How an execution ended. */
export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'
      readonly error?: string | undefined
      readonly cause?: string | undefined
    }
