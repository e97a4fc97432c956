import type { Clock } from '../../local/clock.ts'

/** Time that stands still until a test lets it pass. */
export interface HeldTime {
  now(): string
  /** Lets time pass, and everything happen that is due meanwhile; resolves when all of it is done. */
  pass(time: { readonly hours?: number; readonly minutes?: number }): Promise<void>
  /** Lets everything happen that needs no time, as executions going on to their next wait. */
  settle(): Promise<void>
  /** Lets time go its own way again. */
  letGo(): void
}

/** Holds a clock that skips idle time, which has not skipped any yet. */
export function holdTime(clock: Clock): HeldTime {
  let letGo = hold(clock)
  const passUntil = (timeMs: number) =>
    new Promise<void>((resolve) => {
      clock.at(timeMs, () => {
        letGo = hold(clock)
        resolve()
      })
      letGo()
    })
  return {
    now: () => new Date(clock.now()).toISOString(),
    // The clock reaches the next millisecond when there is nothing left to do in this one.
    pass: ({ hours = 0, minutes = 0 }) => passUntil(clock.now() + (hours * 60 + minutes) * 60_000 + 1),
    settle: () => passUntil(clock.now() + 1),
    letGo: () => letGo(),
  }
}

function hold(clock: Clock): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  void clock.track(promise)
  return resolve
}
