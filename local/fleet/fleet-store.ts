import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { DeviceState } from './simulated-device.ts'

/** The states of a fleet's devices, on disk. */
export interface FleetStore {
  /** The state of every device that was saved, by its key. */
  load(): Map<string, DeviceState>
  save(deviceKey: string, state: DeviceState): void
  close(): void
}

/** The fleet kept in the directory, which is made where it is missing. */
export function openFleetStore(dataDir: string): FleetStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(dataDir, 'fleet.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec('CREATE TABLE IF NOT EXISTS device (device_key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID')
  const select = database.prepare('SELECT device_key, state FROM device')
  const replace = database.prepare('INSERT OR REPLACE INTO device (device_key, state) VALUES (?, ?)')
  return {
    load: () => new Map(select.all().map((row) => [String(row.device_key), readState(String(row.state))])),
    save: (deviceKey, state) => void replace.run(deviceKey, JSON.stringify(state)),
    close: () => database.close(),
  }
}

const readState = (text: string): DeviceState => deviceState.parse(JSON.parse(text))

const packageId = z.string().optional()

const deviceState = z.object({
  identity: z.object({ deviceId: z.string(), credential: z.string() }).optional(),
  agent: z.object({
    activePackageId: packageId,
    pendingPackageId: packageId,
    wantedPackageId: packageId,
    etag: z.string().optional(),
    policies: z.array(z.object({ policyId: z.string(), packageId })),
    lastRestartAt: z.string().optional(),
  }),
  restarts: z.number(),
  nextRestartMs: z.number(),
  nextCheckInMs: z.number(),
  failures: z.number(),
})
