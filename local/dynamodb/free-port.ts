import { once } from 'node:events'
import { createServer } from 'node:net'

/** A loopback port that nobody listened on when this looked. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('The machine gave no loopback port')
  return address.port
}
