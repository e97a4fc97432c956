import { expect, test } from '@jest/globals'
import { StopExecutionCommand, SFNClient } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { aFleet, addGroup, addPackage, addPolicy, takeUp } from '../support/fleet.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWithRuntime } from '../support/runtime.ts'

describeWithRuntime('the permissions of the deployment', (at) => {
  test('are all needed', async () => {
    const fleet = await aFleet(at(), { size: 3, validation: 1 })
    const { operator } = fleet
    const rotation = await startRotation(at(), fleet, { waves: [{ percent: 100 }] })
    await rotation.act('pause')
    await rotation.act('resume')
    for (let i = 0; i < 3; i++) {
      for (const device of fleet.devices) await takeUp(device)
      await at().pass({ minutes: 15 })
    }
    console.log((await rotation.show()).status)
    const other = await aFleet(at(), { size: 3, validation: 1 })
    const second = await startRotation(at(), other, { waves: [{ percent: 100 }] })
    await second.act('abort')
    await at().pass({ minutes: 30 })
    console.log((await second.show()).status)
    const third = await aFleet(at(), { size: 1, validation: 1 })
    const run = await startRotation(at(), third, { waves: [{ percent: 100 }] })
    const client = new SFNClient({ endpoint: at().runtime.gatewayEndpoint, credentials: at().runtime.credentials, region: at().runtime.deployment.region })
    await client.send(new StopExecutionCommand({ executionArn: (await run.show()).executionArn }))
    await at().settle()
    await rotation.statesEntered()
    await rotation.statesEntered(0)
    await rotation.decisions()
    const any = z.unknown()
    for (const path of ['/v1/packages', '/v1/policies', '/v1/groups', '/v1/devices', '/v1/overview', '/v1/rotations', `/v1/groups/${fleet.validationGroupId}/members`, `/v1/policies/${fleet.policyId}/statusSummary`, `/v1/policies/${fleet.policyId}/assignments`,`/v1/groups/${fleet.validationGroupId}`, `/v1/packages/${fleet.nextPackageId}`, '/openapi.json', '/healthz']) await operator.get(path, any)
    const p = await addPolicy(operator, fleet.currentPackageId)
    const g = await addGroup(operator, fleet.devices.slice(0, 1))
    const h = { 'if-match': '*' }
    const ok = async (method: string, path: string, body?: unknown) => { const a = await operator.call({ method, path, body, headers: h }); console.log(method, path, a.status, a.status > 299 ? a.text : '') }
    await ok('PATCH', `/v1/policies/${p}`, { name: 'x' })
    await ok('PUT', `/v1/policies/${p}/assignments`, { assignments: [{ groupId: g, intent: 'include' }] })
    await ok('DELETE', `/v1/groups/${g}/members/${fleet.devices[0]?.deviceId}`)
    await ok('DELETE', `/v1/policies/${p}`)
    await ok('DELETE', `/v1/groups/${g}`)
    await fleet.devices[0]?.checkIn()
    await at().pass({ hours: 73 })
    const api = operator
    const again = await fleet.enrol(0)
    console.log(at().log().split('\n').filter((l) => l.includes('"error"')).join('\n').slice(0, 3000))
    console.log(at().runtime.unusedStatements().map(({ roleArn, sid, policyName }) => `${roleArn.split('/')[1]} ${sid} ${policyName}`).join('\n'))
  })
})
