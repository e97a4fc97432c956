import { expect, test } from '@jest/globals'
import { aFleet } from '../support/fleet.ts'
import { scheduledRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'

describeWithRuntime('a rotation whose start was cut off', (at) => {
  test('has no execution yet, and gets one within a quarter of an hour', async () => {
    const { operator, ...fleet } = await aFleet(at(), { size: 1, validation: 1 })
    const rotation = await scheduledRotation(at(), { operator, ...fleet })
    const { executionId } = await rotation.show()
    const executionPath = `/v1/executions/${encodeURIComponent(executionId)}`
    const ask = async (path: string) => (await operator.call({ path })).status

    expect(await operator.call({ path: '/v1/executions' })).toMatchObject({ status: 200, body: { items: [] } })
    expect([await ask(executionPath), await ask(`${executionPath}/history`)]).toEqual([404, 404])

    await at().pass({ minutes: 15 })
    expect([await ask(executionPath), await ask(`${executionPath}/history`)]).toEqual([200, 200])
    expect(await rotation.statesEntered()).toBe('PrepareRotation RunWave')
  })
})
