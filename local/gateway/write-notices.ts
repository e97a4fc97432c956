/** Knows when a table was written to through the gateway, so that nobody needs to look at its stream in vain. */
export interface WriteNotices {
  tell(tableNames: Iterable<string>): void
  /** How many calls have written to the table. */
  writesTo(tableName: string): number
  /** Calls `listener` after each write to the table; returns a function that ends it. */
  onWrite(tableName: string, listener: () => void): () => void
}

/** Notices of nothing yet. */
export function createWriteNotices(): WriteNotices {
  const counts = new Map<string, number>()
  const listeners = new Set<{ tableName: string; listener: () => void }>()
  return {
    tell(tableNames) {
      for (const name of tableNames) {
        counts.set(name, (counts.get(name) ?? 0) + 1)
        for (const { tableName, listener } of listeners) if (tableName === name) listener()
      }
    },
    writesTo: (tableName) => counts.get(tableName) ?? 0,
    onWrite(tableName, listener) {
      const entry = { tableName, listener }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
  }
}
