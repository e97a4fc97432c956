import { z } from 'zod'
import type { RoleResource } from './deployment.ts'
import { arnOf, inert, type Resource, readProperties, refusal } from './resource.ts'

const oneOrMore = z.union([z.string(), z.array(z.string())])

/** An IAM policy document; elements that invert a choice (`NotAction`, `NotResource`) are refused. */
export const policyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: inert,
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.enum(['Allow', 'Deny']),
      Action: oneOrMore,
      Resource: oneOrMore.optional(),
      Principal: z.unknown().optional(),
      Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
    }),
  ),
})

const roleProperties = z.strictObject({
  AssumeRolePolicyDocument: policyDocument,
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument })).default([]),
  RoleName: inert,
  Description: inert,
  MaxSessionDuration: inert,
  Path: inert,
  Tags: inert,
})

const policyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: policyDocument,
  Roles: z.array(z.string()),
})

/** The roles of the given resources, each with its own policies and those attached to it. */
export function readRoles(resources: readonly Resource[], policies: readonly Resource[]): RoleResource[] {
  const names = new Set(resources.map(({ identity }) => identity.ref))
  const attached = policies.map((policy) => {
    const properties = readProperties(policy, policyProperties)
    const stranger = properties.Roles.find((name) => !names.has(name))
    if (stranger !== undefined) throw refusal(policy, `it is attached to '${stranger}', which is no role of the app`)
    return properties
  })
  return resources.map((resource) => {
    const { AssumeRolePolicyDocument, Policies } = readProperties(resource, roleProperties)
    const own = [...Policies, ...attached.filter(({ Roles }) => Roles.includes(resource.identity.ref))]
    return {
      logicalId: resource.logicalId,
      arn: arnOf(resource),
      trust: AssumeRolePolicyDocument,
      policies: own.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, document: PolicyDocument })),
    }
  })
}
