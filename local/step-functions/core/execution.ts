import type { Json, JsonObject } from '../json.ts'
import type { MapPlan, Outcome, TaskPlan } from './fact.ts'

/** The state of an execution, as its facts made it. Never changed in place. */
export interface Execution {
  readonly startedAtMs: number
  readonly input: Json
  readonly roleArn: string
  readonly frames: ReadonlyMap<string, Frame>
  readonly lastEventId: number
  /** How many facts there are. */
  readonly factCount: number
  readonly outcome?: Outcome
}

/** A thread of control: the execution's own, or that of a branch or iteration that is under way. */
export interface Frame {
  /** `0` for the execution's own; a branch or iteration adds its index, as in `0.3`. */
  readonly id: string
  readonly index: number
  readonly state: string
  readonly input: Json
  readonly variables: Readonly<Record<string, Json>>
  readonly enteredAtMs: number
  readonly enteredId: number
  /** The event before the entry, which a failed evaluation on entry has as its predecessor too. */
  readonly beforeEntryId: number
  readonly lastEventId: number
  /** How often each retrier was used in this visit of the state. */
  readonly retries: readonly number[]
  /** The item of the iteration that this frame or one around it runs. */
  readonly item?: JsonObject
  readonly phase: Phase
  /** The number of the fact that began the phase: what is under way for another ticket is out of date. */
  readonly ticket: number
}

/** What a frame is waiting for. */
export type Phase =
  /** The fields that come first in its state to be evaluated. */
  | { readonly is: 'entered' }
  | { readonly is: 'waiting'; readonly dueMs: number }
  | { readonly is: 'retrying'; readonly dueMs: number }
  | RunningTask
  | Branching
  /** `Assign` and `Output` to be evaluated. */
  | { readonly is: 'leaving'; readonly result?: Json }
  /** `Assign` and `Output` of a catcher to be evaluated. */
  | { readonly is: 'catching'; readonly catcher: number; readonly errorOutput: JsonObject }
  /** Its parent to take its output. */
  | { readonly is: 'done'; readonly output: Json }

export interface RunningTask extends TaskPlan {
  readonly is: 'running'
  readonly resource: string
  readonly scheduledAtMs: number
  readonly heartbeatAtMs: number
  /** Whether the service has answered, and the task waits for its token or its execution. */
  readonly isSubmitted: boolean
  readonly childArn?: string
}

export interface Branching {
  readonly is: 'branching'
  /** The output of every branch or iteration that has succeeded, at its index. */
  readonly outputs: readonly (Json | undefined)[]
  readonly started: number
  readonly succeeded: number
  readonly failed: number
  /** Present in a Map. */
  readonly plan?: MapPlan
}

/** The frame of the execution itself. */
export const rootFrame = '0'

/** The id of the frame around `frame`; undefined for the execution's own. */
export function parentOf(frame: string): string | undefined {
  const dot = frame.lastIndexOf('.')
  return dot < 0 ? undefined : frame.slice(0, dot)
}

/** Every frame inside `frame`. */
export function framesWithin({ frames }: Execution, frame: string): Frame[] {
  return [...frames.values()].filter(({ id }) => id.startsWith(`${frame}.`))
}
