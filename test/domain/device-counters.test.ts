import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Device, progressStates } from '../../domain/device.ts'
import { counterDeltas } from '../../domain/device-counters.ts'
import { aDevice, noon } from '../support/builders.ts'

const progress = fc.record({
  rotationId: fc.constant('spring'),
  wave: fc.nat(2),
  packageId: fc.constant('next'),
  state: fc.constantFrom(...progressStates),
  sinceAt: fc.constant(noon),
  verificationMinutes: fc.constant(960),
  isHarmed: fc.boolean(),
})
const device: fc.Arbitrary<Device> = fc
  .record({
    deviceId: fc.constantFrom('a', 'b', 'c'),
    onboardingStatus: fc.constantFrom('onboarded', 'notOnboarded', 'pending'),
    isUnreachable: fc.boolean(),
    packagePolicyId: fc.constantFrom(undefined, 'old', 'new'),
    policyStatuses: fc.dictionary(fc.constantFrom('old', 'new'), fc.constantFrom('pending', 'succeeded', 'error')),
    progress: fc.option(progress, { nil: undefined }),
  })
  .map((changes) => aDevice(changes))

test('counting changes one by one gives what counting the devices at the end gives', () => {
  fc.assert(
    fc.property(fc.array(device, { maxLength: 30 }), fc.nat(30), (history, cut) => {
      const changes = changesOf(history)
      const parts = [...counterDeltas(changes.slice(0, cut)), ...counterDeltas(changes.slice(cut))]

      expect(totals(parts)).toEqual(totals(counterDeltas(finalDevices(history).map(asEnrolled))))
    }),
  )
})

test('a device that changes nothing that is counted moves no counter', () => {
  const before = aDevice({ packagePolicyId: 'old' })

  expect(counterDeltas([{ before, after: { ...before, lastCheckInAt: noon, revision: 2 } }])).toEqual([])
})

test('a later rotation takes a device up without taking it out of the counters of the one before', () => {
  const earlier = aDevice({ progress: { ...sample, rotationId: 'winter', state: 'succeeded' } })
  const later = { ...earlier, progress: { ...sample, state: 'assigned' as const } }

  expect(counterDeltas([{ before: earlier, after: later }])).toEqual([
    { tenantId: 'contoso', scope: { kind: 'wave', rotationId: 'spring', wave: 0 }, changes: { assigned: 1 } },
    { tenantId: 'contoso', scope: { kind: 'rotation', rotationId: 'spring' }, changes: { assigned: 1 } },
  ])
})

const sample = {
  rotationId: 'spring',
  wave: 0,
  packageId: 'next',
  state: 'assigned',
  sinceAt: noon,
  verificationMinutes: 960,
  isHarmed: false,
} as const

/** The history as the stream tells it. A device does not leave the rotation that it is in; nothing here makes it. */
function changesOf(history: readonly Device[]) {
  const latest = new Map<string, Device>()
  return history.map((said) => {
    const before = latest.get(said.deviceId)
    const after = { ...said, progress: said.progress ?? before?.progress }
    latest.set(said.deviceId, after)
    return { before, after }
  })
}

function finalDevices(history: readonly Device[]): Device[] {
  return [...new Map(changesOf(history).map(({ after }) => [after.deviceId, after])).values()]
}

function asEnrolled(after: Device) {
  return { before: undefined, after }
}

function totals(deltas: ReturnType<typeof counterDeltas>): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { scope, changes } of deltas) {
    for (const [name, amount] of Object.entries(changes)) {
      const key = `${JSON.stringify(scope)} ${name}`
      sums[key] = (sums[key] ?? 0) + amount
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0))
}
