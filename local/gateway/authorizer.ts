import type { Deployment, PolicyDocument, RoleResource } from '../template/deployment.ts'
import { type Access, type Caller, type ConditionValue, sessionArn } from './access.ts'
import { checkKeyPolicy, checkRolePolicy } from './check-policy.ts'
import { conditionKeys } from './condition-keys.ts'
import { denialMessage } from './denial-message.ts'
import { evaluatePolicies, type Outcome, type Question } from './evaluate-policies.ts'
import type { StatementPlace } from './grants.ts'
import { type StatementUse, trackUsage } from './usage.ts'

export interface Verdict {
  readonly isAllowed: boolean
  /** Why not, in the words of AWS; empty where it is allowed. */
  readonly message: string
}

/** Holds every caller to the statements of its role, and remembers which of them were needed. */
export interface Authorizer {
  /** Whether the caller may do this. Throws where the deployment has no such role. */
  authorize(request: Caller & Access): Verdict
  /** How far each Allow statement of each role was needed by the calls that were allowed so far. */
  usage(): StatementUse[]
  /** The Allow statements without which every call so far would have been allowed just the same. */
  unusedStatements(): StatementPlace[]
}

const rememberedVerdicts = 10_000

/** The authorizer of a deployment's roles. Throws on a statement that can't be judged by, naming what is not supported. */
export function createAuthorizer({ roles, keys }: Pick<Deployment, 'roles' | 'keys'>): Authorizer {
  for (const { arn, policy } of keys) checkKeyPolicy(policy, `The policy of key '${arn}'`)
  for (const { arn, policies } of roles)
    for (const { name, document } of policies) checkRolePolicy(document, `Policy '${name}' of role '${arn}'`)

  const keyPolicies = new Map(keys.map(({ arn, policy }) => [arn, policy]))
  const keysLookAt = keys.flatMap(({ policy }) => conditionKeys(policy))
  const rolesByArn = new Map(roles.map((role) => [role.arn, roleAuthorizer(role, keyPolicies, keysLookAt)]))
  const usage = () => [...rolesByArn.values()].flatMap((role) => role.usage())
  return {
    authorize(request) {
      const role = rolesByArn.get(request.roleArn)
      if (!role) throw new Error(`The deployment has no role '${request.roleArn}'`)
      return role.authorize(request)
    },
    usage,
    unusedStatements: () => usage().flatMap(({ neededBy, ...use }) => (neededBy ? [] : [use.statement])),
  }
}

/** Decides each distinct call once: the verdict can only depend on the condition keys that some statement looks at. */
function roleAuthorizer(role: RoleResource, keyPolicies: ReadonlyMap<string, PolicyDocument>, keysLookAt: string[]) {
  const { policies } = role
  const own = policies.flatMap(({ document }) => conditionKeys(document))
  const lookedAt = { identity: [...new Set(own)], kms: [...new Set([...own, ...keysLookAt])] }
  const verdicts = new Map<string, Verdict>()
  const { record, usage } = trackUsage(role)

  const decide = (request: Caller & Access, conditions: Question['conditions']): Verdict => {
    const { action, resource } = request
    const keyPolicy = keyPolicies.get(resource)
    const principalArn = sessionArn(request)
    const question = { principalArn, action, resource, conditions, identityPolicies: policies, keyPolicy }
    const outcome: Outcome = evaluatePolicies(question)
    if (outcome !== 'Allowed') return { isAllowed: false, message: denialMessage(question, outcome) }
    record(question)
    return { isAllowed: true, message: '' }
  }

  return {
    usage,
    authorize(request: Caller & Access): Verdict {
      const conditions = conditionsOf(request, request.action.startsWith('kms:') ? lookedAt.kms : lookedAt.identity)
      const memoKey = `${request.sessionName} ${request.action} ${request.resource} ${JSON.stringify(conditions)}`
      const known = verdicts.get(memoKey)
      if (known) return known
      const verdict = decide(request, conditions)
      if (verdicts.size >= rememberedVerdicts) verdicts.clear()
      verdicts.set(memoKey, verdict)
      return verdict
    },
  }
}

function conditionsOf(request: Caller & Access, keys: readonly string[]): Record<string, string | string[]> {
  const conditions: Record<string, string | string[]> = {}
  for (const key of keys) {
    const value = callerValue(request.roleArn, key) ?? request.conditionValue?.(key)
    if (value !== undefined) conditions[key] = typeof value === 'string' ? value : [...value]
  }
  return conditions
}

function callerValue(roleArn: string, key: string): ConditionValue {
  if (key === 'aws:principalarn') return roleArn
  return key === 'aws:principalaccount' || key === 'kms:calleraccount' ? roleArn.split(':')[4] : undefined
}
