import { createHash, randomUUID } from 'node:crypto'
import type { ParsedExpression } from './syntax.ts'

/** What a call of one of these functions needs of the library: the environment that it is evaluated in. */
interface Focus {
  readonly environment: { lookup(name: string): unknown }
}

/** The largest list that an evaluation may build, as measured on AWS. */
export const longestList = 873_782

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** Adds what Step Functions adds to JSONata, takes `$eval` away, and lets `$now` and `$millis` tell the engine's time. */
export function addFunctions(expression: ParsedExpression): void {
  expression.assign('eval', undefined)
  expression.registerFunction('partition', partition, '<a?n?:a>')
  expression.registerFunction('range', range, '<n?n?n?:a>')
  expression.registerFunction('hash', hash, '<s?s?:s>')
  expression.registerFunction('random', random, '<n?:n>')
  expression.registerFunction('uuid', () => randomUUID(), '<:s>')
  expression.registerFunction('parse', parseText, '<s?:x>')
  expression.registerFunction('now', now, '<s?s?:s>')
  expression.registerFunction('millis', millis, '<:n>')
}

function partition(list: unknown, size: unknown): unknown {
  if (!Array.isArray(list) || typeof size !== 'number') return undefined
  const length = Math.trunc(size)
  if (length < 1) throw new Error('The chunk size of $partition must be a positive number')
  return Array.from({ length: Math.ceil(list.length / length) }, (_, at) => list.slice(at * length, (at + 1) * length))
}

/** The numbers from `first` to `last` by `step`, as a sequence: a single one stands for itself. */
function range(...bounds: unknown[]): unknown {
  const [first, last, step] = bounds.map((bound) => (typeof bound === 'number' ? Math.trunc(bound) : Number.NaN))
  if (first === undefined || last === undefined || step === undefined) return undefined
  if (Number.isNaN(first + last + step)) return undefined
  if (step === 0) throw new Error('The step of $range must not be 0')
  const length = Math.max(0, Math.floor((last - first) / step) + 1)
  if (length > longestList) throw new Error(`$range gives ${length} numbers, more than the limit of ${longestList}`)
  const numbers = Array.from({ length }, (_, at) => first + at * step)
  return Object.defineProperty(numbers, 'sequence', { enumerable: false, value: true })
}

function hash(text: unknown, algorithm: unknown): unknown {
  if (typeof text !== 'string' || typeof algorithm !== 'string') return undefined
  const name = hashes[algorithm]
  if (!name) throw new Error(`'${algorithm}' is no hash algorithm; expected ${Object.keys(hashes).join(', ')}`)
  return createHash(name).update(text).digest('hex')
}

/** A random number in [0, 1); with a seed the first one that java.util.Random gives for it. */
function random(seed: unknown): number {
  if (typeof seed !== 'number') return Math.random()
  const mask = (1n << 48n) - 1n
  let state = (BigInt(Math.trunc(seed)) ^ 0x5deece66dn) & mask
  const next = (bits: bigint) => {
    state = (state * 0x5deece66dn + 0xbn) & mask
    return Number(state >> (48n - bits))
  }
  return (next(26n) * 2 ** 27 + next(27n)) / 2 ** 53
}

function parseText(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  const value: unknown = JSON.parse(text)
  return value === 0 ? 0 : value
}

function millis(this: Focus): unknown {
  return this.environment.lookup(timeName)
}

function now(this: Focus, picture: unknown, timezone: unknown): unknown {
  const fromMillis = this.environment.lookup('fromMillis')
  const time = this.environment.lookup(timeName)
  return implementation(fromMillis).call(this, time, picture, timezone)
}

function implementation(value: unknown): (this: Focus, ...values: unknown[]) => unknown {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'implementation') : undefined
  if (typeof found !== 'function') throw new Error('$fromMillis is not available')
  return (...values) => Reflect.apply(found, undefined, values)
}

/** The binding that carries the time of an evaluation; no variable of a machine can have this name. */
export const timeName = ' time'
