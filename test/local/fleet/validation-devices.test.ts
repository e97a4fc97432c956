import { expect, test } from '@jest/globals'
import type { DeviceTruth } from '../../../local/fleet/device-truth.ts'
import { machineOf } from '../../../local/fleet/machine.ts'
import { validationDevices } from '../../../local/fleet/validation-devices.ts'

const fleet = Array.from({ length: 500 }, (_, index): DeviceTruth => {
  const { name, osVersion, restartHabit } = machineOf(1, index)
  const times = { nextRestartAt: '', nextCheckInAt: '' }
  return { name, osVersion, restartHabit, deviceId: `device-${index}`, outcome: 'works', ...times }
})
const buildOf = (osVersion: string) => osVersion.split('.')[2]

test('a validation group holds every habit on every build, each device once', () => {
  const chosen = validationDevices(fleet, 20)
  const strata = fleet.filter(({ deviceId }) => chosen.includes(deviceId ?? ''))

  expect(new Set(chosen).size).toBe(20)
  expect(new Set(strata.map(({ restartHabit, osVersion }) => `${restartHabit} ${buildOf(osVersion)}`)).size).toBe(9)
})

test('a validation group holds only devices that are enrolled', () => {
  const half = fleet.map((device, index) => (index % 2 ? device : { ...device, deviceId: undefined }))

  expect(validationDevices(half, 500)).toHaveLength(250)
})
