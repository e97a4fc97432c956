import type { Execution } from '../core/execution.ts'
import type { Fact } from '../core/fact.ts'
import type { Machine } from '../definition/machine.ts'
import type { Identity } from '../evaluation/context.ts'

/** An open execution in memory. */
export interface Running {
  readonly number: number
  readonly identity: Identity
  readonly machine: Machine
  execution: Execution
  /** Facts that the next commit makes durable. */
  unsaved: Fact[]
  /** The time at which each frame wants to be woken, by frame. */
  readonly alarms: Map<string, Alarm>
}

export interface Alarm {
  readonly ticket: number
  readonly cancel: () => void
}
