import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Report, textOf } from './report.ts'

/** Every benchmark, loaded when it is asked for; each is given a folder of its own and says on stderr what it does. */
const benchmarks: Readonly<Record<string, () => Promise<(dataDir: string) => Promise<Report>>>> = {
  'check-in': async () => (await import('./check-in.ts')).benchCheckIn,
  'cold-start': async () => (await import('./cold-start.ts')).benchColdStart,
  engine: async () => (await import('./engine.ts')).benchEngine,
}

process.umask(0o077)
process.exitCode = await main().catch((error: unknown) => {
  console.error(error)
  return 3
})

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const [name = '', ...others] = positionals
  const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
  if (!load || others.length > 0) {
    console.error(
      `'${positionals.join(' ')}' names no benchmark; expected one of ${Object.keys(benchmarks).join(', ')}`,
    )
    return 2
  }
  const machine = machineNow()
  const { tables, result } = await inNewFolder(await load())
  console.log(`${machine}\n\n${tables.map(textOf).join('\n\n')}`)
  if (values.json) console.log(JSON.stringify({ benchmark: name, machine, ...result }))
  return 0
}

async function inNewFolder(bench: (dataDir: string) => Promise<Report>): Promise<Report> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rampart-bench-'))
  try {
    return await bench(dataDir)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Figures mean little without the machine, and what else it does. */
function machineNow(): string {
  const [cpu] = cpus()
  const load = loadavg().map((value) => value.toFixed(1))
  return `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown'}, load ${load.join(' ')}`
}
