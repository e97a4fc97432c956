/** Devices by where they stand. Harmed ones stand in one of the states, too, so that they are no state of their own. */
export function stateCounts(devices: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(devices).filter(([name]) => name !== 'harmed'))
}
