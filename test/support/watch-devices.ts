import { setTimeout as pause } from 'node:timers/promises'
import type { Chapter } from './fleet-story.ts'
import type { PatientOperator } from './patient-operator.ts'
import { listedDevice, type ShownDevice, shownDevice } from './story-end.ts'

/** What applied to devices, looked at one after the other while packages were rotated. */
export async function watchDevices(operator: PatientOperator, chapter: () => Chapter): Promise<ShownDevice[]> {
  const sightings: ShownDevice[] = []
  while (chapter() === 'set-up') await pause(betweenMs)
  const devices = await operator.all('/v1/devices', listedDevice)
  for (let place = 0; chapter() !== 'at rest'; place = (place + 1) % devices.length) {
    sightings.push(await operator.get(`/v1/devices/${devices[place]?.deviceId}`, shownDevice))
    await pause(betweenMs)
  }
  return sightings
}

const betweenMs = 100
