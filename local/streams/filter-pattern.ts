/** Whether a stream record is one that the function wants. */
export type Wants = (record: unknown) => boolean

/**
 * The filter that event filter patterns make together: a record is wanted that fits any of them, and every record
 * where there are none. Values are compared for equality or by `prefix`; another comparison is refused by name.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function filterOf(patterns: readonly unknown[]): Wants {
  const fits = patterns.map((pattern) => fitsOf(pattern, '$'))
  return (record) => fits.length === 0 || fits.some((isFit) => isFit(record))
}

function fitsOf(pattern: unknown, path: string): Wants {
  if (Array.isArray(pattern)) return choiceOf(pattern, path)
  if (typeof pattern !== 'object' || pattern === null)
    throw new Error(`Filter pattern '${path}' is not valid; expected a list of values or an object`)
  const fields = Object.entries(pattern).map(([name, one]) => {
    if (name.startsWith('$')) throw new Error(`Filter comparison '${name}' at '${path}' is not supported`)
    return { name, fits: fitsOf(one, `${path}.${name}`) }
  })
  return (value) => fields.every(({ name, fits }) => fits(fieldOf(value, name)))
}

function choiceOf(choices: readonly unknown[], path: string): Wants {
  const fits = choices.map((choice): Wants => {
    if (typeof choice !== 'object' || choice === null) return (value) => value === choice
    const [comparison = '', argument] = Object.entries(choice)[0] ?? []
    if (comparison !== 'prefix' || typeof argument !== 'string')
      throw new Error(`Filter comparison '${comparison}' at '${path}' is not supported; expected a value or a prefix`)
    return (value) => typeof value === 'string' && value.startsWith(argument)
  })
  return (value) => fits.some((isFit) => isFit(value))
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
