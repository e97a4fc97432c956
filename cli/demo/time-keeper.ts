import type { Clock } from '../../local/clock.ts'

/** Keeps the time of a clock that skips what is idle: it stands still but for what is let pass. */
export interface TimeKeeper {
  /** Lets this much time go by. */
  pass(milliseconds: number): Promise<void>
  /** Lets time go by as it likes. */
  release(): void
}

/** Stops the clock. */
export function keepTime(clock: Clock): TimeKeeper {
  let release = hold(clock)
  return {
    pass: (milliseconds) =>
      new Promise((resolve) => {
        clock.at(clock.now() + milliseconds, () => {
          release = hold(clock)
          resolve()
        })
        release()
      }),
    release: () => release(),
  }
}

function hold(clock: Clock): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  void clock.track(promise)
  return resolve
}
