import { PolicyStatement } from 'aws-cdk-lib/aws-iam'

/** What a permission is about. */
export interface Target {
  /** A short name in PascalCase, for the statements' identifiers. */
  readonly label: string
  readonly arn: string
}

/** What a state machine or a schedule may call: a function, or a state machine. */
export interface Step {
  readonly target: Target
  /** What its caller must be permitted. */
  callPermissions(): PolicyStatement[]
}

/**
 * One statement for each action, named for what it permits: `TableGetItem`.
 *
 * A statement of its own for each action lets a permission that nobody uses be reported by name.
 */
export function permit({ label, arn }: Target, ...actions: string[]): PolicyStatement[] {
  return actions.map(
    (action) => new PolicyStatement({ sid: `${label}${action.split(':')[1]}`, actions: [action], resources: [arn] }),
  )
}
