import type { Stack } from './assembly.ts'
import { localArn, localEnvironment } from './environment.ts'
import { type Identity, identify, nameProperty } from './identity.ts'
import { calledIntrinsic, intrinsics, noValue, type Scope } from './intrinsics.ts'

/** Reads values of one stack's template with every reference resolved. */
export interface Resolver {
  readonly resolve: (value: unknown) => unknown
  /** Whether a resource with that condition is deployed; one without a condition always is. */
  readonly isDeployed: (condition: string | undefined) => boolean
  /** How others refer to a resource of the stack; undefined for a type that nothing may refer to. */
  readonly identityOf: (logicalId: string) => Identity | undefined
}

/**
 * The resolver of each stack, by the stack's name.
 *
 * `parameters` are the values given to the deployment. What can't be resolved is refused by name as soon as it is
 * read: a parameter without value or default, an unknown intrinsic function, an export that no stack makes.
 */
export function resolversByStack(
  stacks: readonly Stack[],
  parameters: Readonly<Record<string, string>>,
): ReadonlyMap<string, Resolver> {
  const resolvers = new Map<string, Resolver>()
  const imported = (name: string): unknown => {
    for (const stack of stacks) {
      const resolve = resolvers.get(stack.name)?.resolve
      const output = Object.values(stack.outputs).find(({ Export }) => Export && resolve?.(Export.Name) === name)
      if (output) return resolve?.(output.Value)
    }
    throw new Error(`No stack exports '${name}', which another one imports`)
  }
  for (const stack of stacks) resolvers.set(stack.name, resolverOf(stack, { parameters, imported }))
  return resolvers
}

interface Surroundings {
  readonly parameters: Readonly<Record<string, string>>
  readonly imported: (name: string) => unknown
}

function resolverOf(stack: Stack, { parameters, imported }: Surroundings): Resolver {
  const identities = new Map<string, Identity>()
  const scope: Scope = { resolve, refer, attributeOf, imported, isMet }

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== noValue)
    if (typeof value !== 'object' || value === null) return value
    const called = calledIntrinsic(value)
    if (called) return call(called.name, called.argument)
    const entries = Object.entries(value).map(([key, one]) => [key, resolve(one)])
    return Object.fromEntries(entries.filter(([, one]) => one !== noValue))
  }

  function call(name: string, argument: unknown): unknown {
    const intrinsic = intrinsics[name]
    if (!intrinsic) throw refusal(stack, `the intrinsic function '${name}' is not supported`)
    return intrinsic(argument, scope)
  }

  function refer(name: string): unknown {
    const pseudo = pseudoParameter(name, stack)
    if (pseudo !== undefined) return pseudo
    const parameter = stack.parameters[name]
    if (!parameter) return referable(name).ref
    const value = parameters[name] ?? parameter.Default
    if (value === undefined) throw refusal(stack, `parameter '${name}' has neither a value nor a default`)
    return String(value)
  }

  function attributeOf(logicalId: string, attribute: string): string {
    const value = referable(logicalId).attributes[attribute]
    if (value === undefined) throw refusal(stack, `attribute '${attribute}' of '${logicalId}' is not known here`)
    return value
  }

  function isMet(condition: string): boolean {
    if (!(condition in stack.conditions)) throw refusal(stack, `condition '${condition}' is not in the template`)
    return resolve(stack.conditions[condition]) === true
  }

  function referable(logicalId: string): Identity {
    const identity = identityOf(logicalId)
    if (identity) return identity
    throw refusal(stack, `'${logicalId}' is referred to, but is neither a parameter nor a resource with a name`)
  }

  function identityOf(logicalId: string): Identity | undefined {
    const identity = identities.get(logicalId) ?? readIdentity(stack, logicalId, resolve)
    if (identity) identities.set(logicalId, identity)
    return identity
  }

  return { resolve, isDeployed: (condition) => condition === undefined || isMet(condition), identityOf }
}

function readIdentity(stack: Stack, logicalId: string, resolve: Resolver['resolve']): Identity | undefined {
  const { Type, Properties } = stack.resources[logicalId] ?? {}
  if (Type === undefined) return undefined
  const given = resolve(Properties?.[nameProperty(Type) ?? ''])
  const givenName = typeof given === 'string' ? given : undefined
  return identify(Type, { stackName: stack.name, logicalId, givenName })
}

function pseudoParameter(name: string, stack: Stack): unknown {
  const { accountId, partition, region, urlSuffix } = localEnvironment
  const values: Record<string, unknown> = {
    'AWS::AccountId': accountId,
    'AWS::NoValue': noValue,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': localArn('cloudformation', `stack/${stack.name}/local`),
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': urlSuffix,
  }
  return values[name]
}

function refusal(stack: Stack, problem: string): Error {
  return new Error(`Stack '${stack.name}' can't be run here: ${problem}`)
}
