import { parseArgs } from 'node:util'
import { parseClockMode } from './clock.ts'
import { startDemoFleet } from './demo-fleet.ts'
import { isRestartHabit } from './fleet/machine.ts'
import { type Runtime, startRuntime } from './runtime.ts'

process.umask(0o077)
process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})

/** Runs the deployment until a signal ends it. */
async function main(): Promise<number> {
  const { fleetSize: size, seed, restartHabit, ...runtimeOptions } = options()
  const ended = signalled()
  const runtime = await startRuntime(runtimeOptions)
  const { dataDir } = runtimeOptions
  const fleet = size > 0 ? await startDemoFleet(runtime, { dataDir, size, seed, restartHabit }) : undefined
  console.log(welcome(runtime))
  await ended
  console.log('Stopping; everything is kept, and goes on at the next start')
  await fleet?.stop()
  await runtime.close()
  return 0
}

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4400' },
      'data-dir': { type: 'string', default: '.rampart' },
      fleet: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      restarts: { type: 'string' },
      clock: { type: 'string', default: 'real' },
      'no-fleet': { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
    },
  })
  const clock = parseClockMode(values.clock)
  if (!clock) throw new Error(`--clock '${values.clock}' is not known; expected real, x<factor> or skip-idle`)
  const { restarts } = values
  if (restarts !== undefined && !isRestartHabit(restarts))
    throw new Error(`--restarts '${restarts}' is not known; expected daily, weekly or monthly`)
  return {
    port: wholeNumber('--port', values.port, 65_535),
    dataDir: values['data-dir'],
    clock,
    isFresh: values.fresh,
    fleetSize: values['no-fleet'] ? 0 : wholeNumber('--fleet', values.fleet, 1_000_000),
    seed: wholeNumber('--seed', values.seed, 2 ** 31),
    restartHabit: restarts,
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new Error(`${option} '${text}' is not valid; expected a whole number from 0 to ${most}`)
}

function welcome({ endpoint }: Runtime): string {
  return `Rampart runs at ${endpoint} (API description: ${endpoint}/openapi.json)

Try, in another terminal:
  npx rampart overview
  npx rampart policies list
  npx rampart --help
and, as soon as the fleet has enrolled and 'npx rampart groups list' shows its validation group:
  npx rampart rotations start --name First --old-policy "Windows EDR" --package Next \\
    --validation-group Validation --waves 5,25,100 --watch

Devices check in every eight hours: with 'npm start -- --clock x3600' an hour passes in a second.
Ctrl-C ends it.`
}

/** Resolves at the first signal to end; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve()
      })
    }
  })
}
