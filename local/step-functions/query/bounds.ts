import { longestList } from './functions.ts'
import { childrenOf, type ParsedExpression, type SyntaxNode } from './syntax.ts'

/** How many function applications one evaluation may make; a runaway recursion ends here. */
const mostApplications = 50_000

/** How deep an expression may be nested; AWS's evaluator fails on a sum of 200 terms. */
export const deepestNesting = 199

/** The binding that carries what one evaluation has left. */
const allowanceName = ' allowance'

/** What bounds one evaluation: to be bound with its variables. */
export function allowance(): Readonly<Record<string, unknown>> {
  return { [allowanceName]: { applications: mostApplications } }
}

/** Makes every evaluation of `expression` fail that runs away or builds an enormous list. */
export function bindLimits(expression: ParsedExpression): void {
  const root = expression.ast()
  expression.assign(Symbol.for('jsonata.__createFrame_push'), spendApplication)
  if (hasRange(root)) expression.assign(Symbol.for('jsonata.__evaluate_exit'), refuseLongList)
}

/** How deep an expression is nested. */
export function depthOf(node: SyntaxNode): number {
  return 1 + childrenOf(node).reduce((deepest, { child }) => Math.max(deepest, depthOf(child)), 0)
}

function hasRange(node: SyntaxNode): boolean {
  return (node.type === 'binary' && node.value === '..') || childrenOf(node).some(({ child }) => hasRange(child))
}

function spendApplication(environment: { lookup(name: string): unknown }): void {
  const left = environment.lookup(allowanceName)
  if (isAllowance(left) && left.applications-- <= 0) {
    throw new Error(`The expression applies functions more than ${mostApplications} times`)
  }
}

function isAllowance(value: unknown): value is { applications: number } {
  return typeof value === 'object' && value !== null && 'applications' in value
}

function refuseLongList(_node: SyntaxNode, _input: unknown, _environment: unknown, result: unknown): void {
  if (Array.isArray(result) && result.length > longestList) {
    throw new Error(`The expression builds a list of ${result.length} values, more than the limit of ${longestList}`)
  }
}
