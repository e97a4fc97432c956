import type { Command } from 'commander'
import { z } from 'zod'
import { listCommand, nounCommand, type ResourceKind, showCommand } from './resource-commands.ts'
import type { Shell } from './shell.ts'
import { instant, words } from './words.ts'

const expected = z.looseObject({
  deviceId: z.string(),
  name: z.string(),
  osVersion: z.string(),
  onboardingStatus: z.string(),
  sensorState: z.string(),
  lastCheckInAt: z.string().optional(),
  isUnreachable: z.boolean(),
})

const devices: ResourceKind<z.infer<typeof expected>> = {
  noun: 'device',
  path: '/v1/devices',
  expected,
  columns: {
    name: ({ name }) => name,
    build: ({ osVersion }) => osVersion,
    onboarding: ({ onboardingStatus }) => words(onboardingStatus),
    sensor: ({ sensorState }) => words(sensorState),
    'last check-in': ({ lastCheckInAt, isUnreachable }) =>
      isUnreachable ? `${instant(lastCheckInAt)} (unreachable)` : instant(lastCheckInAt),
    id: ({ deviceId }) => deviceId,
  },
}

/** `rampart devices`: the fleet. */
export function devicesCommand(shell: Shell): Command {
  return nounCommand('devices', 'Enrolled devices', [listCommand(shell, devices), showCommand(shell, devices)])
}
