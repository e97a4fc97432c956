import type { Scope } from './scope.ts'
import { isNode, type SyntaxNode } from './syntax.ts'

/** The answer of a fast path that meets a value whose treatment it leaves to the library. */
export const slow = Symbol('slow')

/** Evaluates an expression at once: to its value, to undefined, or to `slow`. */
export type FastPath = (scope: Scope) => unknown

/**
 * A synchronous evaluation of an expression made of variables, paths of plain names, literals, comparisons, logic,
 * arithmetic and conditions; undefined for any other. It gives what the library gives or `slow`: lists on the way of
 * a path, mixed types and everything unusual are left to the library.
 */
export function fastPath(node: SyntaxNode): FastPath | undefined {
  const { value } = node
  if (node.type === 'path') return pathOf(part(node, 'steps'))
  if (node.type === 'condition') return conditionOf(node)
  if (node.type === 'binary') return binaryOf(node)
  if (!isPlain(node)) return undefined
  if (node.type === 'variable' && typeof value === 'string' && value !== '' && value !== '$') return variable(value)
  return node.type === 'string' || node.type === 'number' || node.type === 'value' ? () => value : undefined
}

function part(node: SyntaxNode, key: string): unknown {
  return Reflect.get(node, key)
}

/** Whether a node has nothing but a value: no filter, grouping, focus or order. */
function isPlain(node: SyntaxNode): boolean {
  return Object.keys(node).every((key) => key === 'type' || key === 'value' || key === 'position')
}

function variable(name: string): FastPath {
  if (name === 'states') return ({ states }) => states
  return ({ variables }) => (Object.hasOwn(variables, name) ? variables[name] : slow)
}

function pathOf(steps: unknown): FastPath | undefined {
  if (!Array.isArray(steps) || !steps.every(isNode) || !steps.every(isPlain)) return undefined
  const [first, ...rest] = steps
  const names = rest.flatMap(({ type, value }) => (type === 'name' && typeof value === 'string' ? [value] : []))
  const start = first?.type === 'variable' ? fastPath(first) : undefined
  if (!start || names.length < rest.length) return undefined
  return (scope) => {
    let value = start(scope)
    for (const name of names) {
      if (typeof value !== 'object' || value === null) return value === slow ? slow : undefined
      if (Array.isArray(value)) return slow
      if (!Object.hasOwn(value, name)) return name in value ? slow : undefined
      value = Reflect.get(value, name)
    }
    return value
  }
}

function conditionOf(node: SyntaxNode): FastPath | undefined {
  const [condition, then, otherwise] = ['condition', 'then', 'else'].map((key) => fastPart(node, key))
  if (!condition || !then || !otherwise) return undefined
  return (scope) => {
    const isMet = condition(scope)
    return typeof isMet === 'boolean' ? (isMet ? then : otherwise)(scope) : slow
  }
}

function fastPart(node: SyntaxNode, key: string): FastPath | undefined {
  const child = part(node, key)
  return isNode(child) ? fastPath(child) : undefined
}

function binaryOf(node: SyntaxNode): FastPath | undefined {
  const [left, right] = [fastPart(node, 'lhs'), fastPart(node, 'rhs')]
  const operate = typeof node.value === 'string' ? operators[node.value] : undefined
  if (!left || !right || !operate || 'predicate' in node || 'group' in node) return undefined
  return (scope) => operate(left(scope), right(scope))
}

type Operator = (left: unknown, right: unknown) => unknown

const bothNumbers =
  (operate: (left: number, right: number) => number): Operator =>
  (left, right) => {
    const result = typeof left === 'number' && typeof right === 'number' ? operate(left, right) : Number.NaN
    return Number.isFinite(result) ? result : slow
  }
const bothAlike =
  (operate: (left: number | string, right: number | string) => boolean): Operator =>
  (left, right) =>
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string')
      ? operate(left, right)
      : slow
const bothBoolean =
  (operate: (left: boolean, right: boolean) => boolean): Operator =>
  (left, right) =>
    typeof left === 'boolean' && typeof right === 'boolean' ? operate(left, right) : slow
const bothSimple =
  (operate: (left: unknown, right: unknown) => boolean): Operator =>
  (left, right) =>
    isSimple(left) && isSimple(right) ? operate(left, right) : slow

function isSimple(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

const operators: Readonly<Record<string, Operator>> = {
  '=': bothSimple((left, right) => left === right),
  '!=': bothSimple((left, right) => left !== right),
  '<': bothAlike((left, right) => left < right),
  '<=': bothAlike((left, right) => left <= right),
  '>': bothAlike((left, right) => left > right),
  '>=': bothAlike((left, right) => left >= right),
  and: bothBoolean((left, right) => left && right),
  or: bothBoolean((left, right) => left || right),
  '+': bothNumbers((left, right) => left + right),
  '-': bothNumbers((left, right) => left - right),
  '*': bothNumbers((left, right) => left * right),
  '&': (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : slow),
}
