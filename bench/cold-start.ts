import { execFileSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { median } from './measure.ts'
import type { Report } from './report.ts'

const rounds = 9
const bundles = 'dist/functions'

/** Says how many milliseconds the import of its argument takes. */
const importer = `
  const start = performance.now()
  await import(process.argv[1])
  process.stdout.write(String(performance.now() - start))
  process.exit()`

/** How large the bundle of each function is, and how long its import takes in a process of its own. */
export async function benchColdStart(): Promise<Report> {
  console.error('Bundling')
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const paths = globSync(`${bundles}/*/*/index.mjs`).sort()
  const times = paths.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    console.error(`Importing, round ${round + 1} of ${rounds}`)
    for (const [at, path] of paths.entries()) times[at]?.push(importMs(path))
  }
  const functions = paths.map((path, at) => ({
    function: path.slice(bundles.length + 1, -'/index.mjs'.length),
    kilobytes: Math.ceil(statSync(path).size / 1024),
    importMs: median(times[at] ?? []),
  }))
  return { tables: [tableOf(functions)], result: { functions, rounds } }
}

function importMs(path: string): number {
  const command = ['--input-type=module', '--eval', importer, pathToFileURL(path).href]
  // A region is what every Lambda function finds in its environment.
  const env = { ...process.env, AWS_REGION: 'us-east-1' }
  return Number(execFileSync(process.execPath, command, { env, encoding: 'utf8' }))
}

function tableOf(functions: readonly { function: string; kilobytes: number; importMs: number }[]) {
  return {
    title: `The functions' bundles, import in a new process, medians of ${rounds} rounds taken in turns`,
    columns: ['function', 'KB', 'import ms'],
    rows: functions.map((each) => [each.function, each.kilobytes, each.importMs]),
  }
}
