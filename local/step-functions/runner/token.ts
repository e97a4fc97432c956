import { isObject, parseJson } from '../json.ts'

/** What a task token stands for: the task in a frame of an execution, and the secret that only its token holds. */
export interface TokenContent {
  readonly execution: number
  readonly frame: string
  readonly reference: string
}

/** The token that is handed to a task. */
export function tokenOf({ execution, frame, reference }: TokenContent): string {
  return Buffer.from(JSON.stringify({ execution, frame, reference })).toString('base64')
}

/** What a token stands for; undefined where it was never handed out by an engine. */
export function readToken(token: string): TokenContent | undefined {
  const value = parseJson(Buffer.from(token, 'base64').toString())
  if (!isObject(value)) return undefined
  const { execution, frame, reference } = value
  const isWhole = typeof execution === 'number' && typeof frame === 'string' && typeof reference === 'string'
  return isWhole ? { execution, frame, reference } : undefined
}
