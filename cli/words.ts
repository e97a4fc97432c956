/** An instant to the minute, in UTC. */
export function instant(at: string | undefined): string {
  return at === undefined ? '' : `${at.slice(0, 16).replace('T', ' ')}Z`
}

/** How long it took, in its two largest units: `2 d 3 h`, `45 s`. */
export function duration(milliseconds: number): string {
  const index = units.findIndex(({ lengthMs }) => milliseconds >= lengthMs)
  const [unit, next] = units.slice(index < 0 ? -1 : index)
  if (!unit) return ''
  const count = Math.floor(milliseconds / unit.lengthMs)
  const rest = next ? Math.floor((milliseconds % unit.lengthMs) / next.lengthMs) : 0
  return next && rest > 0 ? `${count} ${unit.name} ${rest} ${next.name}` : `${count} ${unit.name}`
}

/** A field's or state's name as words: `pending_restart` and `pendingRestart` are both `pending restart`. */
export function words(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
}

/** Counts by name in words, without those that are zero: `12 succeeded, 1 failed`. */
export function counts(countsByName: Readonly<Record<string, number>>): string {
  const parts = Object.entries(countsByName).filter(([, count]) => count > 0)
  return parts.map(([name, count]) => `${count} ${words(name)}`).join(', ')
}

const units = [
  { name: 'd', lengthMs: 86_400_000 },
  { name: 'h', lengthMs: 3_600_000 },
  { name: 'min', lengthMs: 60_000 },
  { name: 's', lengthMs: 1000 },
  { name: 'ms', lengthMs: 1 },
]
