/** What a piece of work took. The machine may be shared: processor time says more than time on the wall. */
export interface Taken {
  readonly wallMs: number
  /** Of all threads of this process. */
  readonly cpuMs: number
}

/** What `work` takes. */
export async function take(work: () => Promise<unknown>): Promise<Taken> {
  const startMs = performance.now()
  const startCpu = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(startCpu)
  return { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 }
}

/**
 * What each piece of work takes, the median of `rounds` turns after `warmUps` that do not count.
 *
 * All of them take a turn in every round, each round starting with another one: what else goes on on the machine then
 * slows them all alike.
 */
export async function takeInTurns(
  works: readonly (() => Promise<unknown>)[],
  { rounds, warmUps }: { readonly rounds: number; readonly warmUps: number },
): Promise<Taken[]> {
  const taken = works.map((): Taken[] => [])
  for (let round = 0; round < warmUps + rounds; round++) {
    for (let turn = 0; turn < works.length; turn++) {
      const at = (round + turn) % works.length
      const [work, list] = [works[at], taken[at]]
      if (!work || !list) continue
      const took = await take(work)
      if (round >= warmUps) list.push(took)
    }
  }
  return taken.map(medianTaken)
}

/** The middle one of the numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]
  if (low === undefined || high === undefined) throw new Error('There is no median of no numbers')
  return (low + high) / 2
}

/** The median of each figure. */
export function medianTaken(taken: readonly Taken[]): Taken {
  return { wallMs: median(taken.map(({ wallMs }) => wallMs)), cpuMs: median(taken.map(({ cpuMs }) => cpuMs)) }
}
