/** What has to be ended when the runtime stops, the last started first. */
export interface Closers {
  add(close: () => Promise<void> | void): void
  /** Ends everything, once; a failure to end one thing does not keep the others open. */
  closeAll(): Promise<void>
}

/** Nothing to be ended yet. */
export function createClosers(): Closers {
  const pending: (() => Promise<void> | void)[] = []
  return {
    add: (close) => pending.push(close),
    async closeAll() {
      const failures: unknown[] = []
      for (let close = pending.pop(); close; close = pending.pop()) {
        try {
          await close()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'The runtime could not end cleanly')
    },
  }
}
