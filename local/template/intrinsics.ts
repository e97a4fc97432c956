/** What the intrinsic functions of a template may ask of the stack that they stand in. */
export interface Scope {
  readonly resolve: (value: unknown) => unknown
  readonly refer: (name: string) => unknown
  readonly attributeOf: (logicalId: string, attribute: string) => string
  /** The value that some stack exports under `name`. */
  readonly imported: (name: string) => unknown
  /** Whether the condition of that name is met. */
  readonly isMet: (condition: string) => boolean
}

/** What `Ref: AWS::NoValue` stands for: the property that holds it is absent. */
export const noValue = Symbol('AWS::NoValue')

/** The intrinsic function that an object of the template calls, if it calls one. */
export function calledIntrinsic(value: object): { name: string; argument: unknown } | undefined {
  const [entry, ...others] = Object.entries(value)
  if (!entry || others.length > 0) return undefined
  const [name, argument] = entry
  const isCall = name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof argument === 'string')
  return isCall ? { name, argument } : undefined
}

/** Each intrinsic function that is supported, by its long name. */
export const intrinsics: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (name, { refer }) => refer(text(name)),
  Condition: (name, { isMet }) => isMet(text(name)),
  'Fn::GetAtt': (argument, { attributeOf }) =>
    attributeOf(...(Array.isArray(argument) ? pair(argument) : dotted(argument))),
  'Fn::Join': (argument, { resolve }) => {
    const [delimiter, parts] = list(argument)
    return list(resolve(parts)).map(text).join(text(delimiter))
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, { resolve }) => {
    const [index, choices] = list(resolve(argument))
    return list(choices)[Number(index)]
  },
  'Fn::Split': (argument, { resolve }) => {
    const [delimiter, whole] = pair(resolve(argument))
    return whole.split(delimiter)
  },
  'Fn::ImportValue': (name, { imported, resolve }) => imported(text(resolve(name))),
  'Fn::If': (argument, { isMet, resolve }) => {
    const [condition, yes, no] = list(argument)
    return resolve(isMet(text(condition)) ? yes : no)
  },
  'Fn::Equals': (argument, { resolve }) => {
    const [one, other] = list(resolve(argument))
    return one === other
  },
  'Fn::Not': (argument, { resolve }) => !list(resolve(argument)).every(Boolean),
  'Fn::And': (argument, { resolve }) => list(resolve(argument)).every(Boolean),
  'Fn::Or': (argument, { resolve }) => list(resolve(argument)).some(Boolean),
}

function substitute(argument: unknown, { resolve, refer, attributeOf }: Scope): string {
  const [pattern, values] = Array.isArray(argument) ? argument : [argument, {}]
  const given = new Map(Object.entries(resolve(values) ?? {}))
  return text(pattern).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, isLiteral: string, name: string) => {
    if (isLiteral) return `\${${name}}`
    if (given.has(name)) return text(given.get(name))
    return text(name.includes('.') ? attributeOf(...dotted(name)) : refer(name))
  })
}

function dotted(value: unknown): [string, string] {
  const name = text(value)
  const dot = name.indexOf('.')
  return [name.slice(0, dot), name.slice(dot + 1)]
}

function pair(value: unknown): [string, string] {
  const [first, second] = list(value)
  return [text(first), text(second)]
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw new Error(`Expected a list in the template, found ${JSON.stringify(value)}`)
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new Error(`Expected a text in the template, found ${JSON.stringify(value)}`)
}
