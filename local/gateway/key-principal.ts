import { z } from 'zod'

/** Everybody, an account by its number or its root, a role, or a role's session. */
const awsPrincipal = z
  .string()
  .regex(/^(\*|\d{12}|arn:[\w-]+:(iam::\d{12}:(root|role\/[^*?]+)|sts::\d{12}:assumed-role\/[^*?]+))$/)
const oneOrMore = z.union([awsPrincipal.transform((principal) => [principal]), z.array(awsPrincipal)])

/** The forms of the Principal element that are supported. Services are accepted: none calls through the gateway. */
export const principalElement = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'] })),
  z.strictObject({ AWS: oneOrMore.default([]), Service: z.unknown().optional() }),
])

/** How a statement of a key policy reaches a role's session: by name, through its account, or not at all. */
export type Reach = 'caller' | 'account' | 'none'

/**
 * How a Principal element reaches the session `sessionArn`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 */
export function reachOf(element: unknown, sessionArn: string): Reach {
  const { AWS } = principalElement.parse(element)
  if (AWS.some((principal) => isCaller(principal, sessionArn))) return 'caller'
  return AWS.some((principal) => isAccount(principal, sessionArn)) ? 'account' : 'none'
}

/** A role may be named by an ARN with a path, which its sessions' ARNs lack; in an account its name is unique. */
function isCaller(principal: string, sessionArn: string): boolean {
  if (principal === '*' || principal === sessionArn) return true
  const [, partition, service, , accountId, resource = ''] = principal.split(':')
  const roleName = resource.slice(resource.lastIndexOf('/') + 1)
  return service === 'iam' && sessionArn.startsWith(`arn:${partition}:sts::${accountId}:assumed-role/${roleName}/`)
}

function isAccount(principal: string, sessionArn: string): boolean {
  const [, partition, , , accountId] = sessionArn.split(':')
  return principal === accountId || principal === `arn:${partition}:iam::${accountId}:root`
}
