import { execFileSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { medianTaken, type Taken } from './measure.ts'
import type { Report, Table } from './report.ts'

const rounds = 5
const bundles = 'dist/functions'

/** Says what the import of its argument takes, as `Taken`. */
const importer = `
  const startMs = performance.now()
  const startCpu = process.cpuUsage()
  await import(process.argv[1])
  const { user, system } = process.cpuUsage(startCpu)
  const taken = { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 }
  process.stdout.write(JSON.stringify(taken))
  process.exit()`

/** How large the bundle of each function is, and how long its import takes in a process of its own. */
export async function benchColdStart(): Promise<Report> {
  console.error('Bundling')
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const paths = globSync(`${bundles}/*/*/index.mjs`).sort()
  const taken = paths.map((): Taken[] => [])
  for (let round = 0; round < rounds; round++) {
    console.error(`Importing, round ${round + 1} of ${rounds}`)
    for (const [at, path] of paths.entries()) taken[at]?.push(takeImport(path))
  }
  const functions = paths.map((path, at) => ({
    function: path.slice(bundles.length + 1, -'/index.mjs'.length),
    kilobytes: Math.ceil(statSync(path).size / 1024),
    ...medianTaken(taken[at] ?? []),
  }))
  return { tables: [tableOf(functions)], result: { functions, rounds } }
}

function takeImport(path: string): Taken {
  const command = ['--input-type=module', '--eval', importer, pathToFileURL(path).href]
  // A region is what every Lambda function finds in its environment.
  const env = { ...process.env, AWS_REGION: 'us-east-1' }
  return JSON.parse(execFileSync(process.execPath, command, { env, encoding: 'utf8' }))
}

function tableOf(functions: readonly (Taken & { readonly function: string; readonly kilobytes: number })[]): Table {
  return {
    title: `The functions' bundles: import in a new process, medians of ${rounds} rounds taken in turns`,
    columns: ['function', 'KB', 'wall ms', 'CPU ms'],
    rows: functions.map((each) => [each.function, each.kilobytes, each.wallMs, each.cpuMs]),
  }
}
