import jsonata from 'jsonata'

/** A node of a parsed expression, as far as this engine looks at it. */
export interface SyntaxNode {
  readonly type: string
  readonly value?: unknown
}

/** An expression that the JSONata library has parsed. */
export interface ParsedExpression {
  ast(): SyntaxNode
  evaluate(input: unknown, bindings: Readonly<Record<string, unknown>>): Promise<unknown>
  assign(name: string | symbol, value: unknown): void
  registerFunction(name: string, implementation: (...values: unknown[]) => unknown, signature?: string): void
}

/** Parses a JSONata 2.0.6 expression; throws the library's `{ code, message }` where it is none. */
export function parse(text: string): ParsedExpression {
  return jsonata(text)
}

/** Every node directly below `node`, each with the property that it was found under. */
export function childrenOf(node: SyntaxNode): { key: string; child: SyntaxNode }[] {
  return Object.entries(node).flatMap(([key, value]) => nodesIn(value).map((child) => ({ key, child })))
}

/** Whether `value` is a node of an expression. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function nodesIn(value: unknown): SyntaxNode[] {
  if (isNode(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(nodesIn) : []
}
