import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type FleetStore, openFleetStore } from '../../../local/fleet/fleet-store.ts'
import { machineOf } from '../../../local/fleet/machine.ts'
import { afterEnrolment, type DeviceState, newDevice } from '../../../local/fleet/simulated-device.ts'

let dataDir: string
let opened: FleetStore[]
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fleet-store-'))
  opened = []
})
afterEach(() => {
  for (const store of opened) store.close()
  rmSync(dataDir, { recursive: true })
})

const open = () => {
  const store = openFleetStore(dataDir)
  opened.push(store)
  return store
}

test('what was saved of a device is there at the next start, though the store was never closed', () => {
  const machine = machineOf(1, 0)
  const fresh = newDevice(machine, 0)
  const enrolment = { deviceId: 'device', credential: 'credential', checkInSeconds: 60 }
  const state: DeviceState = {
    ...afterEnrolment(machine, fresh, enrolment, 0),
    agent: {
      activePackageId: 'old',
      pendingPackageId: 'new',
      wantedPackageId: 'new',
      etag: 'etag',
      policies: [{ policyId: 'policy', packageId: 'new' }, { policyId: 'other' }],
      lastRestartAt: '2026-03-01T12:00:00.000Z',
    },
  }
  const store = open()
  store.save('key', fresh)
  store.save('key', state)
  store.save('other', fresh)

  expect(open().load()).toEqual(
    new Map([
      ['key', state],
      ['other', fresh],
    ]),
  )
})
