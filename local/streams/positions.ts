import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { replaceFile } from '../replace-file.ts'

/** How far a mapping has come in each shard: the sequence number of the last record that it is done with. */
export interface Positions {
  get(mappingId: string, shardId: string): string | undefined
  /** Kept on disk when this returns. */
  set(mappingId: string, shardId: string, sequenceNumber: string): void
}

/** The positions that the file at `path` keeps. */
export function openPositions(path: string): Positions {
  const positions = new Map(
    Object.entries(existsSync(path) ? stored.parse(JSON.parse(readFileSync(path, 'utf8'))) : {}),
  )
  return {
    get: (mappingId, shardId) => positions.get(`${mappingId}/${shardId}`),
    set(mappingId, shardId, sequenceNumber) {
      positions.set(`${mappingId}/${shardId}`, sequenceNumber)
      replaceFile(path, JSON.stringify(Object.fromEntries(positions)))
    },
  }
}

const stored = z.record(z.string(), z.string())
