import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { KeyResource } from '../template/deployment.ts'

/** A key's secret and the instant it was made. */
export interface KeyMaterial {
  readonly secret: Buffer
  readonly createdAt: string
}

const storedKeys = z.record(z.string(), z.object({ secret: z.string(), createdAt: z.iso.datetime() }))

/**
 * The secret of each of `keys` by ARN, read from `kms-keys.json` under `dataDir`; what is missing there is made and
 * written before this returns. The file is readable by its owner only. Secrets of keys that are no longer deployed
 * stay in it, as what they encrypted may still be there.
 */
export function openKeyRing(keys: readonly KeyResource[], dataDir: string): ReadonlyMap<string, KeyMaterial> {
  const path = join(dataDir, 'kms-keys.json')
  const stored = existsSync(path) ? readKeys(path) : {}
  const missing = keys.filter(({ arn }) => !stored[arn])
  for (const { arn } of missing) stored[arn] = newKey()
  if (missing.length > 0) writeOwnerOnly(dataDir, path, JSON.stringify(stored, undefined, 2))
  return new Map(Object.entries(stored).map(([arn, { secret, createdAt }]) => [arn, material(secret, createdAt)]))
}

function readKeys(path: string) {
  try {
    return storedKeys.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new Error(`The key file '${path}' is damaged; restore it, for without it what it encrypted is lost`, {
      cause,
    })
  }
}

function newKey() {
  return { secret: randomBytes(32).toString('base64'), createdAt: new Date().toISOString() }
}

function material(secret: string, createdAt: string): KeyMaterial {
  return { secret: Buffer.from(secret, 'base64'), createdAt }
}

/** Replaces the file in one step that survives a crash: a half-written key file would lose every key. */
function writeOwnerOnly(dataDir: string, path: string, text: string) {
  mkdirSync(dataDir, { recursive: true })
  const draft = openSync(`${path}.new`, 'w', 0o600)
  writeSync(draft, text)
  fsyncSync(draft)
  closeSync(draft)
  renameSync(`${path}.new`, path)
}
