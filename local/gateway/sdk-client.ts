import type { Gateway } from './gateway.ts'
import type { Credentials } from './principals.ts'

/** A request as AWS SDK clients hand it to their request handler. */
interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/**
 * The settings of an AWS SDK client that calls the gateway in this process, with no connection between, as
 * `credentials` say: `new KMSClient(clientSettings(gateway, gateway.credentialsFor(functionArn)))`.
 */
export function clientSettings(gateway: Gateway, credentials: Credentials) {
  return {
    region: gateway.region,
    endpoint: 'http://gateway.localhost',
    credentials,
    requestHandler: requestHandlerFor(gateway),
    signer: signerFor(gateway.region, credentials),
  }
}

/** An AWS SDK request handler that answers by `gateway.handle`. */
export function requestHandlerFor({ handle }: Pick<Gateway, 'handle'>) {
  return {
    async handle({ headers, body }: SdkRequest) {
      const response = await handle({ headers, body: bodyOf(body) })
      return { response: { statusCode: response.status, headers: response.headers, body: response.body } }
    },
  }
}

/** Names the caller and leaves out the proof, which nobody checks within one process. */
function signerFor(region: string, { accessKeyId }: Credentials) {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/local/aws4_request`
  return {
    async sign<Request extends SdkRequest>(request: Request): Promise<Request> {
      return { ...request, headers: { ...request.headers, authorization } }
    },
  }
}

/** The bytes as a plain array: the clients' own kind warns of what it takes for a use as text. */
function bodyOf(body: unknown): string | Uint8Array {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  if (body === undefined) return ''
  throw new TypeError('The gateway takes the body of a request as text or bytes, not as a stream')
}
