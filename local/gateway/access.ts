/** What a condition key says of a call: one value, several, or nothing where it does not apply. */
export type ConditionValue = string | readonly string[] | undefined

/** One thing that a call does: the IAM action, what it is done to, and the call's condition keys, in lower case. */
export interface Access {
  readonly action: string
  readonly resource: string
  readonly conditionValue?: ((key: string) => ConditionValue) | undefined
}

/** Who calls: a role, in the session that a function runs in (its name; by default the role's own). */
export interface Caller {
  readonly roleArn: string
  readonly sessionName?: string | undefined
}

/** The ARN that IAM knows a caller by. */
export function sessionArn({ roleArn, sessionName }: Caller): string {
  const [, partition, , , accountId, resource = ''] = roleArn.split(':')
  const roleName = resource.slice(resource.lastIndexOf('/') + 1)
  return `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName ?? roleName}`
}
