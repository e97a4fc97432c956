import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, gatewayAnswer, integrationFailed } from './answer.ts'
import type { HttpApi } from './http-api.ts'

/** A listening HTTP server. */
export interface HttpServer {
  readonly endpoint: string
  /** Lets the requests that are under way end, and takes no more. */
  close(): Promise<void>
}

/** Serves `answer` on a loopback port (0: any free one); what goes wrong is given to `onError` and answered as `500`. */
export async function serve(answer: HttpApi, port: number, onError: (error: unknown) => void): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (message, response) => {
    respond(answer, message)
      .catch((error: unknown) => {
        onError(error)
        return integrationFailed
      })
      .then((answered) => send(answered, response), onError)
  })
  await listening(server, port)
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error(`No server listens on port ${port}`)
  return { endpoint: `http://127.0.0.1:${address.port}`, close: () => closed(server) }
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const bodyLimitBytes = 10 * 1024 * 1024

function respond(answer: HttpApi, message: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= bodyLimitBytes) chunks.push(chunk)
      else resolve(gatewayAnswer(413, 'Request Too Long', { connection: 'close' }))
    })
    message.on('error', reject)
    message.on('end', () => {
      if (size > bodyLimitBytes) return
      const { method = 'GET', url: target = '/', socket } = message
      const sourceIp = socket.remoteAddress ?? ''
      answer({ method, target, headers: singleHeaders(message), body: Buffer.concat(chunks), sourceIp }).then(
        resolve,
        reject,
      )
    })
  })
}

function singleHeaders({ headers }: IncomingMessage): Record<string, string> {
  const single: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    single[name] = Array.isArray(value) ? value.join(',') : (value ?? '')
  return single
}

function send({ status, headers, body }: Answer, response: ServerResponse): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.end(body)
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken; choose another one with --port`) : error)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** How long a request that is under way may still take when the server closes. */
const graceMs = 2000

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
  })
}
