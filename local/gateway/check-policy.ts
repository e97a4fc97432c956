import { hasSeveralValues, isSupplied, suppliedKeys } from './condition-keys.ts'
import { conditionOperators } from './condition-operators.ts'
import type { Policy, Statement } from './evaluate-policies.ts'
import { principalElement } from './key-principal.ts'
import { isArnPattern } from './wildcards.ts'

const supportedOperators = [...conditionOperators.keys()].join(', ')

/** Throws on what a role's policy says that the gateway can't judge by. `where` names the policy in the error. */
export function checkRolePolicy({ Statement }: Policy, where: string): void {
  for (const statement of Statement) {
    const { Principal, Resource, NotResource } = statement
    if (Principal !== undefined) refuse(where, `names the principal ${JSON.stringify(Principal)}; expected none`)
    if (!Resource && !NotResource) refuse(where, `names no resource for ${JSON.stringify(statement.Action)}`)
    checkStatement(statement, where)
  }
}

/** Throws on what a key's policy says that the gateway can't judge by. `where` names the policy in the error. */
export function checkKeyPolicy({ Statement }: Policy, where: string): void {
  for (const statement of Statement) {
    if (!principalElement.safeParse(statement.Principal).success) {
      const principal = JSON.stringify(statement.Principal)
      refuse(where, `names the principal ${principal}; supported are '*', services, accounts, roles and their sessions`)
    }
    checkStatement(statement, where)
  }
}

function checkStatement({ Action, NotAction, Resource, NotResource, Condition = {} }: Statement, where: string): void {
  if (!Action === !NotAction) refuse(where, 'has a statement with both or none of Action and NotAction; expected one')
  if (Resource && NotResource) refuse(where, 'has a statement with both Resource and NotResource; expected one')
  for (const action of [Action ?? NotAction ?? []].flat()) checkAction(action, where)
  for (const resource of [Resource ?? NotResource ?? []].flat()) checkResource(resource, where)
  for (const [operator, wantedByKey] of Object.entries(Condition))
    for (const [key, wanted] of Object.entries(wantedByKey)) {
      checkOperator(operator, key.toLowerCase(), where)
      for (const value of [wanted].flat()) checkWanted(operator, value, where)
    }
}

function checkAction(action: string, where: string): void {
  if (!/^(\*|[a-z\d-]+:[\w*?]+)$/i.test(action))
    refuse(where, `names the action '${action}'; expected '*' or one of a service, as 'kms:Decrypt' or 'kms:*'`)
}

function checkResource(resource: string, where: string): void {
  checkVariables(resource, where)
  if (resource !== '*' && !isArnPattern(resource))
    refuse(
      where,
      `names the resource '${resource}'; expected '*' or an ARN of six parts, the service's without wildcards`,
    )
}

function checkOperator(operator: string, key: string, where: string): void {
  if (!isSupplied(key)) refuse(where, `looks at the condition key '${key}'; supported are ${suppliedKeys.join(', ')}`)
  if (!conditionOperators.has(operator))
    refuse(where, `has the condition operator '${operator}'; supported are ${supportedOperators}`)
  if (hasSeveralValues(key) && !/^(For(All|Any)Values?:|Null$)/.test(operator))
    refuse(where, `has '${operator}' of '${key}', which has several values; expected ForAllValues: or ForAnyValue:`)
}

function checkWanted(operator: string, value: string, where: string): void {
  checkVariables(value, where)
  if (/Bool|Null/.test(operator) && !/^(true|false)$/.test(value))
    refuse(where, `wants '${operator}' to be '${value}'; expected 'true' or 'false'`)
  if (/Arn/.test(operator) && !isArnPattern(value))
    refuse(where, `wants '${operator}' to be '${value}'; expected an ARN of six parts, the service's without wildcards`)
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
function checkVariables(text: string, where: string): void {
  if (text.includes('${')) refuse(where, `has a policy variable in '${text}', which is not supported`)
}

function refuse(where: string, problem: string): never {
  throw new Error(`${where} ${problem}`)
}
