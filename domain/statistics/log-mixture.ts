import { InvalidInputError } from '../errors.ts'

/** Activations with an outcome, and the failures among them. */
export interface Outcomes {
  readonly outcomes: number
  readonly failures: number
}

/** How many times the baseline the failure rate of a bad package may be; the test looks for all of them at once. */
const rateFactors = [3, 5, 15, 50, 250]
const maximumAlternative = 0.95

/**
 * The natural logarithm of E, the evidence that failures are more frequent than `baselineFailureRate`.
 *
 * E is the mean over `rateFactors` of the likelihood ratio against the baseline. It is 1 without outcomes, and while a
 * package is no worse than the baseline, the probability that E ever reaches 1/a is at most a, however often it is
 * looked at (Robbins' mixture, Ville's inequality: https://arxiv.org/abs/1512.04922).
 *
 * Throws InvalidInputError for a baseline outside 0 to 0.95, both exclusive, and for counts that cannot be.
 */
export function logMixture({ outcomes, failures }: Outcomes, baselineFailureRate: number): number {
  refuseImpossible({ outcomes, failures }, baselineFailureRate)
  const logRatios = rateFactors.map((factor) => {
    const alternative = Math.min(maximumAlternative, factor * baselineFailureRate)
    return (
      failures * Math.log(alternative / baselineFailureRate) +
      (outcomes - failures) * (Math.log1p(-alternative) - Math.log1p(-baselineFailureRate))
    )
  })
  return logSumExp(logRatios) - Math.log(rateFactors.length)
}

function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

function refuseImpossible({ outcomes, failures }: Outcomes, baselineFailureRate: number): void {
  if (!(baselineFailureRate > 0 && baselineFailureRate < maximumAlternative)) {
    throw new InvalidInputError(
      `The baseline failure rate is '${baselineFailureRate}'; expected more than 0 and less than ${maximumAlternative}`,
    )
  }
  if (!(failures >= 0 && failures <= outcomes)) {
    throw new InvalidInputError(`'${failures}' failures among '${outcomes}' outcomes cannot be`)
  }
}
