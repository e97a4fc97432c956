import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where to synthesize from and to. */
export interface SynthesisOptions {
  /** The folder that holds `infra/`. */
  readonly projectDir: string
  /** Where the assembly is kept between starts. */
  readonly dataDir: string
}

/**
 * The folder of the app's cloud assembly. It is synthesized only when what it is made from has changed since the last
 * time, which takes about two seconds; nothing is validated and nothing is bundled, since nothing is deployed.
 */
export async function synthesize({ projectDir, dataDir }: SynthesisOptions): Promise<string> {
  const assemblyDir = join(dataDir, 'cdk.out')
  const digestPath = join(dataDir, 'cdk.digest')
  const digest = digestOf(projectDir)
  if (existsSync(assemblyDir) && existsSync(digestPath) && readFileSync(digestPath, 'utf8') === digest)
    return assemblyDir
  rmSync(digestPath, { force: true })
  rmSync(assemblyDir, { recursive: true, force: true })
  await run(projectDir, {
    CDK_OUTDIR: assemblyDir,
    CDK_VALIDATION: 'false',
    CDK_CONTEXT_JSON: JSON.stringify({ bundles: 'none' }),
  })
  writeFileSync(digestPath, digest)
  return assemblyDir
}

/** All that the assembly is made from. */
const inputs = ['infra', 'state-machines', 'store/table.ts', 'cdk.json', 'package-lock.json']

function digestOf(projectDir: string): string {
  const hash = createHash('sha256')
  for (const path of inputs.flatMap((input) => filesUnder(join(projectDir, input)))) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function filesUnder(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)))
}

function run(projectDir: string, settings: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['infra/app.ts'], {
      cwd: projectDir,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaints = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaints = `${complaints}${chunk.toString()}`.slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The app in '${projectDir}/infra' could not be synthesized: ${complaints.trim()}`))
    })
  })
}
