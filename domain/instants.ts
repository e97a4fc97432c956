/** The instant that lies the given time after `instant`; both ISO 8601 UTC. */
export function laterBy(instant: string, { hours = 0, minutes = 0 }: { hours?: number; minutes?: number }): string {
  return new Date(Date.parse(instant) + (hours * 60 + minutes) * 60_000).toISOString()
}

/** Minutes from one instant to a later one; negative where it is earlier. */
export function minutesBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 60_000
}
