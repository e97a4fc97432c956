import { renameSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner may read; whoever reads it, even after a crash, finds it old or new but whole. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
