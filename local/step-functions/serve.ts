import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseClockMode, startClock } from '../clock.ts'
import { openStepFunctions } from './engine.ts'
import { functionEndpoint } from './function-endpoint.ts'
import { stepFunctionsListener } from './http.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8083' },
    'lambda-endpoint': { type: 'string', default: 'http://127.0.0.1:9001' },
    'data-dir': { type: 'string' },
    clock: { type: 'string', default: 'real' },
    region: { type: 'string', default: 'us-east-1' },
    account: { type: 'string', default: '123456789012' },
  },
})

const mode = parseClockMode(values.clock)
if (!mode) fail(`--clock '${values.clock}' is not known; expected real, x<factor> or skip-idle`)
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`--port '${values.port}' is no port; expected 0 to 65535`)

const dataDir = values['data-dir']
if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true })
const clock = startClock(mode)
const engine = openStepFunctions({
  journalPath: dataDir === undefined ? ':memory:' : join(dataDir, 'step-functions.sqlite'),
  clock,
  region: values.region,
  accountId: values.account,
  invokeFunction: functionEndpoint(values['lambda-endpoint']),
})

const server = createServer(stepFunctionsListener(engine))
server.listen(port, '127.0.0.1', () => {
  engine.resume()
  const address = server.address()
  const actualPort = typeof address === 'object' && address ? address.port : port
  console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${actualPort}` }))
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())

async function end(): Promise<void> {
  server.close()
  server.closeAllConnections()
  clock.stop()
  await engine.close()
  process.exit(0)
}

/** Ends with the exit code of wrong usage. */
function fail(reason: string): never {
  console.error(reason)
  process.exit(2)
}
