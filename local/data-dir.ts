import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A data directory that belongs to this process until it is released. */
export interface DataDir {
  readonly path: string
  readonly release: () => void
}

/**
 * Takes hold of a runtime's data directory, which is made where it is missing; a second runtime on it is refused.
 *
 * The hold is a lock that the operating system drops however this process ends, so a crash leaves nothing to clean up.
 */
export function claimDataDir(path: string): DataDir {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
  const lock = new DatabaseSync(join(path, lockName))
  const pidPath = join(path, 'pid')
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    const pid = existsSync(pidPath) ? readFileSync(pidPath, 'utf8') : 'unknown'
    throw new Error(`A runtime is running on '${path}' (pid ${pid}); stop it, or choose another --data-dir`, {
      cause: error,
    })
  }
  writeFileSync(pidPath, String(process.pid))
  return { path, release: () => lock.close() }
}

/** Removes all that a runtime keeps in the directory, so that the next start begins with nothing. */
export function emptyDataDir({ path }: DataDir): void {
  for (const name of readdirSync(path)) if (!isKept(name)) rmSync(join(path, name), { recursive: true, force: true })
}

const lockName = 'lock.sqlite'

/** The hold itself, and what is only derived from the sources. */
function isKept(name: string): boolean {
  return name.startsWith(lockName) || name === 'pid' || name.startsWith('cdk.')
}
