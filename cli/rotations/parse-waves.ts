import { InvalidArgumentError } from 'commander'
import type { WaveTarget } from '../../domain/rotation.ts'
import { validateWaves } from '../../domain/wave-plan.ts'

/** The waves that a text such as `5,25,100` (percent) or `50d,25,100` (first a count of devices) describes. */
export function parseWaves(text: string): WaveTarget[] {
  const waves = text.split(',').map(parseTarget)
  const [violation] = validateWaves(waves)
  if (violation) throw new InvalidArgumentError(violation.detail)
  return waves
}

function parseTarget(text: string): WaveTarget {
  const amount = Number(text.replace(/d$/, ''))
  if (!/^\d+(\.\d+)?d?$/.test(text))
    throw new InvalidArgumentError(
      `'${text}' is no wave; expected a percent such as 25, or a count of devices such as 50d`,
    )
  return text.endsWith('d') ? { count: amount } : { percent: amount }
}
