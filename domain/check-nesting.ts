const refusedKeys = ['__proto__', 'constructor', 'prototype']

/**
 * What makes parsed JSON from outside unfit to work with: too deep a nesting, or a key that would reach for an
 * object's prototype; undefined where it is fit. Never looks deeper than `maximumDepth` levels.
 */
export function checkNesting(value: unknown, maximumDepth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (maximumDepth === 0) return 'is nested too deeply'
  const refused = Object.keys(value).find((key) => refusedKeys.includes(key))
  if (refused) return `has the key '${refused}', which is not allowed`
  for (const part of Object.values(value)) {
    const problem = checkNesting(part, maximumDepth - 1)
    if (problem) return problem
  }
  return undefined
}
