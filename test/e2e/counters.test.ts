import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { aFleet, takeUp } from '../support/fleet.ts'
import { expectExactCounters, storedCounters } from '../support/recount.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWhereItRuns, newDirectory, startTestRuntime } from '../support/runtime.ts'

describeWhereItRuns('counters', () => {
  test('stay exact when the stream is delivered again, wholly or from any place on', async () => {
    const dataDir = newDirectory()
    const positionsPath = join(dataDir, 'streams.json')
    const first = await startTestRuntime({ dataDir })
    const fleet = await aFleet(first, { size: 4, validation: 2 })
    const { tenantId } = fleet.operator
    const positions = readFileSync(positionsPath, 'utf8')
    const rotation = await startRotation(first, fleet)
    for (const device of fleet.devices.slice(0, 2)) await takeUp(device, 'reportsFailure')
    await rotation.act('abort')
    for (const device of fleet.devices) await takeUp(device)
    await expectExactCounters(first, tenantId)
    const counted = await storedCounters(first, tenantId)
    expect(counted[`rotation#${rotation.rotationId}`]).toEqual({ rolled_back: 2, harmed: 2 })
    await first.close()

    for (const rewind of [() => rmSync(positionsPath), () => writeFileSync(positionsPath, positions)]) {
      rewind()
      const again = await startTestRuntime({ dataDir })
      await again.settle()
      expect(await storedCounters(again, tenantId)).toEqual(counted)
      expect(readFileSync(positionsPath, 'utf8')).not.toEqual(positions)
      await again.close()
    }

    const last = await startTestRuntime({ dataDir })
    const device = await last.stores.devices.get(tenantId, fleet.devices[0]?.deviceId ?? '')
    await last.stores.devices.save({ ...device, onboardingStatus: 'pending', revision: device.revision + 1 })
    await expectExactCounters(last, tenantId)
    await last.close()
  })
})
