// Installs what the lock names, once for each version of the lock. Runs on whatever Node npm itself has, so it is
// plain JavaScript without dependencies.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'

const stamp = 'node_modules/.setup-stamp'
const lockDigest = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockDigest) {
  console.error('Installing dependencies (about a minute, once)...')
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-progress'], { stdio: ['ignore', 2, 2] })
  linkOwnCommand()
  writeFileSync(stamp, lockDigest)
}

const version = execFileSync('node', ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
if (Number(version.split('.')[0]) < 24) throw new Error(`Node 24 or newer is needed, found ${version}`)

/** Makes \`npx rampart\` run this checkout's command. */
function linkOwnCommand() {
  if (process.platform === 'win32') return
  rmSync('node_modules/.bin/rampart', { force: true })
  symlinkSync('../../cli/rampart.ts', 'node_modules/.bin/rampart')
}
