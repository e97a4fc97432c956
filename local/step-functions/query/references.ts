import { childrenOf, type SyntaxNode } from './syntax.ts'

/** The parts of a node that are evaluated with an item of another value as their context. */
const itemContexts = new Set(['stages', 'predicate', 'group', 'pattern', 'update', 'delete', 'terms'])

/**
 * What an expression refers to that Step Functions does not offer: it has no context item, so that `phone`, `$` and
 * `$$` mean nothing outside a path, a filter or a sort term.
 */
export function contextlessReferences(root: SyntaxNode): string[] {
  const found: string[] = []
  const visit = (node: SyntaxNode, hasContext: boolean) => {
    if (!hasContext) found.push(...contextReference(node))
    if (node.type === 'path') visitPath(node, hasContext)
    else for (const { key, child } of childrenOf(node)) visit(child, hasContext || itemContexts.has(key))
  }
  const visitPath = (path: SyntaxNode, hasContext: boolean) => {
    let isFirst = true
    for (const { key, child } of childrenOf(path)) {
      visit(child, hasContext || key !== 'steps' || !isFirst)
      isFirst = false
    }
  }
  visit(root, false)
  return found
}

function contextReference({ type, value }: SyntaxNode): string[] {
  if (type === 'name' && typeof value === 'string') return [value]
  if (type === 'wildcard' || type === 'descendant') return [String(value)]
  if (type === 'variable' && (value === '' || value === '$')) return [`$${value}`]
  return []
}

/** Whether an expression reads `$states.<field>`. */
export function readsState(root: SyntaxNode, field: string): boolean {
  const [first, second] = root.type === 'path' ? childrenOf(root).map(({ child }) => child) : []
  if (first?.type === 'variable' && first.value === 'states' && second?.value === field) return true
  return childrenOf(root).some(({ child }) => readsState(child, field))
}
