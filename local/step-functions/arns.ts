import { StepFunctionsError } from './errors.ts'

/** Makes and takes apart the ARNs of state machines and executions. */
export interface Arns {
  machine(name: string): string
  execution(machineName: string, name: string): string
}

export function arnsOf(region: string, accountId: string): Arns {
  const prefix = `arn:aws:states:${region}:${accountId}`
  return {
    machine: (name) => `${prefix}:stateMachine:${name}`,
    execution: (machineName, name) => `${prefix}:execution:${machineName}:${name}`,
  }
}

/** Checks that `arn` is one of a state machine or of an execution. */
export function checkArn(arn: string, kind: 'stateMachine' | 'execution'): string {
  if (!arn.startsWith('arn:')) throw new StepFunctionsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`)
  const parts = arn.split(':')
  const isKnown = parts[2] === 'states' && parts[5] === kind && parts.length === (kind === 'execution' ? 8 : 7)
  if (isKnown && parts.every((part, at) => at < 3 || part !== '')) return arn
  const expected = kind === 'execution' ? 'execution' : 'state machine'
  throw new StepFunctionsError(
    'InvalidArn',
    `Invalid Arn: 'Resource type not valid in this context: expected ${expected}, got ${arn}'`,
  )
}

/** Checks the name of a state machine or an execution. */
export function checkName(name: string): string {
  const isAllowed = name.length > 0 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name)
  if (!isAllowed) throw new StepFunctionsError('InvalidName', `Invalid Name: '${name}'`)
  return name
}

/** The last part of an ARN: the name of what it stands for. */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}
