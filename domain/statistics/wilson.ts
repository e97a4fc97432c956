import type { Outcomes } from './log-mixture.ts'

/** The standard normal quantile of a two-sided interval that holds the true rate 95 times in 100. */
const z95 = 1.959963984540054

/**
 * Wilson's interval for the failure rate behind the outcomes, from 0 to 1 where there are none.
 *
 * It is for people to look at. It says nothing that a decision may be repeated on; `logMixture` does.
 */
export function wilsonInterval({ outcomes, failures }: Outcomes, z = z95): { low: number; high: number } {
  if (outcomes === 0) return { low: 0, high: 1 }
  const rate = failures / outcomes
  const shrink = 1 + z ** 2 / outcomes
  const centre = (rate + z ** 2 / (2 * outcomes)) / shrink
  const halfWidth = (z / shrink) * Math.sqrt((rate * (1 - rate)) / outcomes + z ** 2 / (4 * outcomes ** 2))
  return {
    low: failures === 0 ? 0 : Math.max(0, centre - halfWidth),
    high: failures === outcomes ? 1 : Math.min(1, centre + halfWidth),
  }
}
