import { DescribeExecutionCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { expect, test } from '@jest/globals'
import { aFleet, inTurn, setBack, showDevice, type TestFleet, takeUp } from '../support/fleet.ts'
import { scheduledRotation, startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime, type TestRuntime } from '../support/runtime.ts'
import { aStage, changeRequest, changes, readablePaths } from '../support/stage.ts'

const waves = [{ percent: 100 }]

describeWithRuntime('the permissions of the deployment', (at) => {
  test('are each needed by something that Rampart does', async () => {
    await useEveryRoute(at())
    await completeARotation(at(), await aFleet(at(), { size: 2, validation: 1 }))
    await startWhatWasCutOff(at(), await aFleet(at(), { size: 1, validation: 1 }))
    await abortWhileDecommissioning(at(), await aFleet(at(), { size: 2, validation: 1 }))
    await abortAfterTheLastGate(at(), await aFleet(at(), { size: 2, validation: 1 }))
    await stopAnExecution(at(), await aFleet(at(), { size: 1, validation: 1 }))
    await sweepASilentDevice(at(), await aFleet(at(), { size: 1 }))

    const unused = at().runtime.unusedStatements()
    expect(unused.map(({ policyName, sid }) => `${policyName}: ${sid}`)).toEqual([])
  })
})

async function useEveryRoute(at: TestRuntime): Promise<void> {
  const stage = await aStage(at)
  const { operator } = stage.fleet
  const [own, wave] = [await stage.rotation.executionId(), await stage.rotation.executionId(0)]
  const paths = [own, wave].flatMap((executionId) => readablePaths(at, stage, executionId))
  const requests = [...paths.map((path) => ({ path })), ...Object.keys(changes).map((key) => changeRequest(stage, key))]
  const answers = await inTurn(requests, operator.call)
  expect(answers.filter(({ status }) => status >= 300)).toEqual([])
}

async function completeARotation(at: TestRuntime, fleet: TestFleet): Promise<void> {
  const rotation = await startRotation(at, fleet, { waves })
  await rotation.act('pause')
  await rotation.act('resume')
  for (const minutes of [15, 15, 15]) {
    for (const device of fleet.devices) await takeUp(device)
    await at.pass({ minutes })
  }
  expect(await rotation.show()).toMatchObject({ status: 'completed' })
}

async function startWhatWasCutOff(at: TestRuntime, fleet: TestFleet): Promise<void> {
  const rotation = await scheduledRotation(at, fleet)
  await at.pass({ minutes: 15 })
  expect(await rotation.show()).toMatchObject({ status: 'running' })
}

async function abortWhileDecommissioning(at: TestRuntime, fleet: TestFleet): Promise<void> {
  const rotation = await startRotation(at, fleet, { waves, gate: { minOutcomePercent: 0 } })
  await at.pass({ minutes: 30 })
  expect(await rotation.show()).toMatchObject({ status: 'decommissioning' })
  await rotation.act('abort')
  await at.pass({ minutes: 15 })
  expect(await rotation.show()).toMatchObject({ status: 'rolled_back' })
}

async function sweepASilentDevice(at: TestRuntime, fleet: TestFleet): Promise<void> {
  const deviceId = fleet.devices[0]?.deviceId ?? ''
  await setBack(at, fleet, deviceId, 24)
  await at.pass({ hours: 1 })
  expect(await showDevice(fleet, deviceId)).toMatchObject({ isUnreachable: true })
}

/** The operator comes a moment after the gate has opened, and before the execution has heard of it. */
async function abortAfterTheLastGate(at: TestRuntime, fleet: TestFleet): Promise<void> {
  const rotation = await startRotation(at, fleet, { waves })
  for (const device of fleet.devices.slice(0, 1)) await takeUp(device)
  await at.pass({ minutes: 15 })
  const wave = await at.stores.rotations.wave(fleet.operator.tenantId, rotation.rotationId, 1)
  if (wave) await at.stores.rotations.replaceWave({ ...wave, state: 'promoted', endedAt: at.now() })
  await rotation.act('abort')
  expect(await rotation.show()).toMatchObject({ status: 'rolling_back' })
}

/** What an operator of the AWS account may do to any execution, and Step Functions then does to those it started. */
async function stopAnExecution(at: TestRuntime, fleet: TestFleet): Promise<void> {
  const rotation = await startRotation(at, fleet, { waves })
  const { executionArn } = await rotation.show()
  const { gatewayEndpoint: endpoint, credentials, deployment } = at.runtime
  const client = new SFNClient({ endpoint, credentials, region: deployment.region })
  await client.send(new StopExecutionCommand({ executionArn }))
  await at.settle()
  const wave = await at.stores.rotations.wave(fleet.operator.tenantId, rotation.rotationId, 0)
  const child = await client.send(new DescribeExecutionCommand({ executionArn: wave?.executionArn ?? '' }))
  expect(child.status).toBe('ABORTED')
  client.destroy()
}
