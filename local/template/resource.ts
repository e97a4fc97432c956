import { z } from 'zod'
import { readAssembly, type Stack } from './assembly.ts'
import type { Identity } from './identity.ts'
import { type Resolver, resolversByStack } from './resolve.ts'

/** A resource that is deployed, its references resolved. */
export interface Resource {
  readonly stackName: string
  readonly logicalId: string
  readonly type: string
  readonly identity: Identity
  readonly properties: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Every resource that the cloud assembly in `directory` deploys with the given parameters. */
export function readResources(directory: string, parameters: Readonly<Record<string, string>>): Resource[] {
  const stacks = readAssembly(directory)
  const resolvers = resolversByStack(stacks, parameters)
  return stacks.flatMap((stack) => {
    const resolver = resolvers.get(stack.name)
    return resolver ? resourcesOf(stack, resolver) : []
  })
}

/** What `schema` reads of the resource's properties; a property that it does not know is refused by name. */
export function readProperties<T>(resource: Resource, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(resource.properties)
  if (parsed.success) return parsed.data
  throw refusal(resource, z.prettifyError(parsed.error))
}

/** A property that changes nothing on one machine, whatever it holds. */
export const inert = z.unknown().optional()

/** The error that says why a resource can't be run here. */
export function refusal({ stackName, logicalId, type }: Resource, problem: string): Error {
  return new Error(`'${logicalId}' (${type}) of stack '${stackName}' can't be run here: ${problem}`)
}

/** The resource's ARN. */
export function arnOf(resource: Resource): string {
  const arn = resource.identity.attributes.Arn
  if (arn === undefined) throw refusal(resource, 'it has no ARN')
  return arn
}

const anything = z.record(z.string(), z.unknown())

function resourcesOf(stack: Stack, { resolve, isDeployed, identityOf }: Resolver): Resource[] {
  return Object.entries(stack.resources).flatMap(([logicalId, { Type, Condition, Properties, Metadata }]) => {
    if (Type === 'AWS::CDK::Metadata' || !isDeployed(Condition)) return []
    const properties = anything.parse(resolve(Properties ?? {}))
    const identity = identityOf(logicalId) ?? { ref: logicalId, attributes: {} }
    return [{ stackName: stack.name, logicalId, type: Type, identity, properties, metadata: Metadata ?? {} }]
  })
}
