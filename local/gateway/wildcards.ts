/** Whether `pattern` stands for `text`: a `*` in it stands for any characters or none, a `?` for any one character. */
export function matchesWildcards(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text
  const escaped = pattern.replace(/[\\^$.+()[\]{}|]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text)
}

/**
 * Whether `pattern` stands for `arn`. Each of an ARN's six parts is compared on its own; no wildcard reaches past the
 * colon that ends its part. Only the last part, the resource, may hold colons itself.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (!isArnPattern(pattern) || !isArnPattern(arn)) return false
  const parts = arnParts(arn)
  return arnParts(pattern).every((part, index) => matchesWildcards(part, parts[index] ?? ''))
}

/** Whether a text is an ARN, any part of which may have wildcards but the first, `arn`. */
export function isArnPattern(text: string): boolean {
  return text.startsWith('arn:') && arnParts(text).length === 6
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':')
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}
