import { Agent, type IncomingMessage, request } from 'node:http'
import { databaseAccessKeyId } from '../dynamodb/direct-client.ts'
import type { GatewayResponse } from './messages.ts'
import { ServiceError } from './service-error.ts'

/** Sends a call's body on to the database; what comes back is its answer, whatever its status. */
export interface Forwarder {
  forward(target: string, body: string | Uint8Array): Promise<GatewayResponse>
  close(): void
}

/** A database checks that a request is signed, not by whom: that was settled here. */
const credential = `${databaseAccessKeyId}/20260101/local/dynamodb/aws4_request`
const signature = {
  'x-amz-date': '20260101T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
}

/** Forwards to `endpoint` over connections that are kept open. */
export function createForwarder(endpoint: string): Forwarder {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const { hostname, port } = new URL(endpoint)
  return {
    forward: (target, body) =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/x-amz-json-1.0',
          'content-length': Buffer.byteLength(body),
          'x-amz-target': target,
          ...signature,
        }
        const fail = ({ message }: Error) => reject(unreachable(endpoint, message))
        const outgoing = request({ agent, hostname, port, method: 'POST', path: '/', headers })
        outgoing.on('response', (incoming) => void collect(incoming).then(resolve, fail))
        outgoing.on('error', fail)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}

async function collect(incoming: IncomingMessage): Promise<GatewayResponse> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers: Record<string, string> = {}
  for (const name of ['content-type', 'x-amzn-requestid', 'x-amz-crc32']) {
    const value = incoming.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  return { status: incoming.statusCode ?? 500, headers, body: Buffer.concat(chunks) }
}

/** An error that SDK clients retry. */
function unreachable(endpoint: string, why: string): ServiceError {
  return new ServiceError('InternalServerError', `The database at '${endpoint}' gave no answer: ${why}`, 500)
}
