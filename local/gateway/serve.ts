import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Gateway } from './gateway.ts'

/** DynamoDB's own limit for a request. */
const mostBytes = 16 * 1024 * 1024

/** The gateway over HTTP, on the loopback interface only, for other processes' clients. Port 0 takes any free one. */
export async function serveGateway({ handle }: Pick<Gateway, 'handle'>, port: number) {
  const server = createServer((request, response) => {
    answer(handle, request, response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const listensOn = typeof address === 'object' && address ? address.port : port
  return {
    endpoint: `http://127.0.0.1:${listensOn}`,
    async close(): Promise<void> {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(handle: Gateway['handle'], request: IncomingMessage, response: ServerResponse) {
  const body = await collect(request)
  if (!body) return void response.writeHead(413).end()
  const { authorization, 'x-amz-target': target } = request.headers
  const answered = await handle({ headers: { authorization, 'x-amz-target': target?.toString() }, body })
  response.writeHead(answered.status, { ...answered.headers, 'content-length': answered.body.length })
  response.end(answered.body)
}

async function collect(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
