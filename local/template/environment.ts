/** The AWS account and region that a local deployment believes it is in. No such account exists. */
export const localEnvironment = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
} as const

/** The ARN of a resource in the local account. */
export function localArn(service: string, resource: string): string {
  const { partition, region, accountId } = localEnvironment
  return `arn:${partition}:${service}:${service === 'iam' ? '' : region}:${accountId}:${resource}`
}
