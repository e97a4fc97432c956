import { randomBytes } from 'node:crypto'
import type { FunctionResource } from '../template/deployment.ts'
import type { Caller } from './access.ts'

/** What a client signs with. Whoever holds an access key is its principal: it is random, and never leaves the machine. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The operator's own machine, which may do anything, or a function in its role. */
export type Principal = { readonly kind: 'runtime' } | ({ readonly kind: 'function' } & Caller)

export interface Principals {
  readonly runtimeCredentials: Credentials
  /** The credentials that the function runs with. Throws where the deployment has no such function. */
  credentialsFor(functionArn: string): Credentials
  /** Who signed a request, by its Authorization header; undefined for credentials that were not made here. */
  principalOf(authorization: string | undefined): Principal | undefined
}

/** Credentials for every function and for the runtime, made anew at each start. */
export function createPrincipals(functions: readonly FunctionResource[]): Principals {
  const principals = new Map<string, Principal>()
  const issue = (principal: Principal): Credentials => {
    const accessKeyId = `ASIA${randomBytes(16).toString('hex').toUpperCase()}`
    principals.set(accessKeyId, principal)
    return { accessKeyId, secretAccessKey: randomBytes(30).toString('base64') }
  }
  const credentials = new Map(
    functions.map(({ arn, name, roleArn }) => [arn, issue({ kind: 'function', roleArn, sessionName: name })]),
  )
  return {
    runtimeCredentials: issue({ kind: 'runtime' }),
    credentialsFor(functionArn) {
      const found = credentials.get(functionArn)
      if (!found) throw new Error(`The deployment has no function '${functionArn}'`)
      return found
    },
    principalOf(authorization = '') {
      const accessKeyId = /^AWS4-HMAC-SHA256 Credential=(\w+)\//.exec(authorization)?.[1]
      return accessKeyId === undefined ? undefined : principals.get(accessKeyId)
    },
  }
}
