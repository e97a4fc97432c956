import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { aFleet } from '../support/fleet.ts'
import { startRotation } from '../support/rotation-run.ts'
import { describeWhereItRuns, newDirectory, sharedAssembly, startTestRuntime } from '../support/runtime.ts'
import { problemIn } from '../support/stage.ts'

describeWhereItRuns('a deployment that lacks a permission', () => {
  test('answers a request that needs it with an internal problem, and logs what AWS would say', async () => {
    const at = await startTestRuntime({ assemblyDir: await assemblyWithout('FleetDevicesRole', 'TableQuery') })
    const { operator, devices } = await aFleet(at, { size: 1 })

    const answer = await operator.call({ path: `/v1/devices/${devices[0]?.deviceId}` })
    expect(problemIn(answer)).toEqual({ status: 500, code: 'internal', pointers: [] })
    expect(answer.text).not.toMatch(/AccessDenied|arn:aws/)
    expect(await operator.call({ path: '/v1/devices' })).toMatchObject({ status: 200 })
    await at.close()
    expect(at.log()).toMatch(
      /AccessDeniedException: User: arn:aws:sts::\d{12}:assumed-role\/\S+ is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:\S+ because no identity-based policy allows the dynamodb:Query action/,
    )
  })

  test('rolls back a rotation of which a task needs it', async () => {
    const at = await startTestRuntime({ assemblyDir: await assemblyWithout('PrepareRotationRole', 'TableUpdateItem') })
    const rotation = await startRotation(at, await aFleet(at, { size: 1, validation: 1 }))

    expect(await rotation.show()).toMatchObject({
      status: 'rolling_back',
      stateReason: expect.stringMatching(/^Stopped by a failure: AccessDeniedException: .*dynamodb:UpdateItem/),
    })
    expect(await rotation.moved()).toEqual([])
    await at.close()
  })

  test('does not even start where a function cannot be given the stream that it counts', async () => {
    const assemblyDir = await assemblyWithout('CountDevicesRole', 'StreamGetRecords')

    await expect(startTestRuntime({ assemblyDir })).rejects.toThrow('not authorized to perform: dynamodb:GetRecords')
  })
})

const statement = z.looseObject({ Sid: z.string().optional() })
const policy = z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(statement) }) })
const template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.unknown() })),
})

/** The project's assembly without one statement of one role's own policy. */
async function assemblyWithout(role: string, sid: string): Promise<string> {
  const assemblyDir = join(newDirectory(), 'cdk.out')
  cpSync(await sharedAssembly(), assemblyDir, { recursive: true })
  const path = join(assemblyDir, 'Rampart-App.template.json')
  const app = template.parse(JSON.parse(readFileSync(path, 'utf8')))
  const [[name, resource] = []] = Object.entries(app.Resources).filter(([id]) => id.includes(`${role}DefaultPolicy`))
  const properties = policy.parse(resource?.Properties)
  const Statement = properties.PolicyDocument.Statement.filter(({ Sid }) => Sid !== sid)
  expect(Statement).toHaveLength(properties.PolicyDocument.Statement.length - 1)
  const PolicyDocument = { ...properties.PolicyDocument, Statement }
  const Resources = { ...app.Resources, [name ?? '']: { ...resource, Properties: { ...properties, PolicyDocument } } }
  writeFileSync(path, JSON.stringify({ ...app, Resources }))
  return assemblyDir
}
