import type { Template } from '../query/template.ts'

/** A state machine, checked and parsed. State names are unique in the whole machine, inner ones included. */
export interface Machine {
  readonly startAt: string
  readonly timeoutSeconds?: number
  readonly states: ReadonlyMap<string, State>
}

export type State =
  | PassState
  | SucceedState
  | FailState
  | ChoiceState
  | WaitState
  | TaskState
  | ParallelState
  | MapState

export type StateType = State['type']

interface AnyState {
  readonly name: string
  /** The state that follows; undefined where the state ends its branch. */
  readonly next?: string
  readonly assign?: Template
  readonly output?: Template
}

export interface PassState extends AnyState {
  readonly type: 'Pass'
}

export interface SucceedState extends AnyState {
  readonly type: 'Succeed'
}

export interface FailState extends AnyState {
  readonly type: 'Fail'
  readonly error?: Template
  readonly cause?: Template
}

export interface ChoiceState extends AnyState {
  readonly type: 'Choice'
  readonly choices: readonly Choice[]
  /** What holds where no rule matches; without it the state fails. */
  readonly default?: string
}

export interface Choice {
  readonly condition: Template
  readonly next: string
  readonly assign?: Template
  readonly output?: Template
}

export interface WaitState extends AnyState {
  readonly type: 'Wait'
  readonly until: { readonly is: 'seconds' | 'timestamp'; readonly value: Template }
}

/** What may fail and be tried again. */
export interface Faultable {
  readonly retry: readonly Retrier[]
  readonly catch: readonly Catcher[]
}

export interface Retrier {
  readonly errorEquals: readonly string[]
  readonly intervalSeconds: number
  readonly maxAttempts: number
  readonly backoffRate: number
  readonly maxDelaySeconds?: number
  readonly hasFullJitter: boolean
}

export interface Catcher {
  readonly errorEquals: readonly string[]
  readonly next: string
  readonly assign?: Template
  readonly output?: Template
}

export interface TaskState extends AnyState, Faultable {
  readonly type: 'Task'
  readonly integration: Integration
  readonly arguments?: Template
  readonly timeoutSeconds?: Template
  readonly heartbeatSeconds?: Template
}

/** What a Task state does: `resource` is the ARN as it stands in the definition. */
export interface Integration {
  readonly resource: string
  readonly is: 'function' | 'invoke' | 'startExecution'
  /** When the task is over: at the answer, when its token comes back, or when the execution it started ends. */
  readonly until: 'answer' | 'token' | 'end'
  /** Whether inputs and outputs of a started execution are given as values rather than as JSON text. */
  readonly givesValues: boolean
}

export interface ParallelState extends AnyState, Faultable {
  readonly type: 'Parallel'
  readonly arguments?: Template
  /** The first state of each branch. */
  readonly branches: readonly string[]
}

export interface MapState extends AnyState, Faultable {
  readonly type: 'Map'
  readonly items?: Template
  readonly itemSelector?: Template
  readonly maxConcurrency?: Template
  readonly toleratedFailureCount?: Template
  readonly toleratedFailurePercentage?: Template
  /** The first state of every iteration. */
  readonly startAt: string
}

/** One thing that is wrong with a definition. */
export interface Diagnostic {
  readonly code: string
  readonly message: string
  /** A JSON pointer into the definition. */
  readonly location: string
}
