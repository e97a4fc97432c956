/** Whether `pattern` stands for `text`: a `*` in it stands for any characters or none, a `?` for any one character. */
export function matchesWildcards(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text
  const escaped = pattern.replace(/[\\^$.+()[\]{}|]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text)
}

/**
 * Whether `pattern` stands for `arn`. Each of an ARN's six parts is compared on its own, and only the last, the
 * resource, may itself hold colons. IAM would let a `*` at the end of an earlier part reach into the next, and advises
 * against it (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html); a grant
 * that relies on it is none here.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (!isArnPattern(pattern) || !isArnPattern(arn)) return false
  const parts = arnParts(arn)
  return arnParts(pattern).every((part, index) => matchesWildcards(part, parts[index] ?? ''))
}

/** Whether a text is an ARN, in which the partition, region, account and resource may have wildcards. */
export function isArnPattern(text: string): boolean {
  return /^arn:[^:]+:[\w-]+:[^:]*:[^:]*:./.test(text)
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}
