import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { pageOf } from '../../functions/shapes.ts'
import { inTurn } from '../support/fleet.ts'
import { aGuid, aPackage } from '../support/packages.ts'
import { describeWithRuntime, type TestRuntime } from '../support/runtime.ts'
import { aStage, changeRequest, changes, readablePaths, type Stage } from '../support/stage.ts'

describeWithRuntime('a secret', (at) => {
  test('reaches whom it is for, and is kept and shown nowhere in clear', async () => {
    const stage = await aStage(at())
    const { operator, devices, enrolmentToken } = stage.fleet
    const seeds = ['Current', 'Next'].map((name) => `${operator.tenantId}/${name}`)
    const wait = await at().stores.rotations.wait(operator.tenantId, stage.rotation.rotationId)

    const [pilot] = devices
    const answer = await pilot?.checkIn()
    expect(answer).toMatchObject({ onboardingPackage: { content: aPackage({ seed: seeds[1] ?? '' }) } })
    await at().pass({ minutes: 15 })

    const answers = await everyAnswer(at(), stage)
    const onDisk = filesIn(at().dataDir)
    const inTable = JSON.stringify(await at().contents())
    const credentials = [enrolmentToken, ...devices.map(({ credential }) => credential)].map(
      (each) => each.split('.')[2],
    )
    for (const secret of [...seeds.flatMap(secretsOf), ...credentials]) {
      for (const place of [answers, at().log(), inTable, onDisk]) expect(place).not.toContain(secret)
    }
    expect(wait?.taskToken).toBeTruthy()
    for (const place of [answers, at().log()]) expect(place).not.toContain(wait?.taskToken)
  })
})

/** What makes a package worth stealing: its signatures and certificates, by their ends, and its GUID. */
function secretsOf(seed: string): string[] {
  const encoded = aPackage({ seed }).match(/[A-Za-z0-9+/]{60,}/g) ?? []
  expect(encoded.length).toBeGreaterThan(4)
  return [...encoded.map((text) => text.slice(-40)), aGuid(`package/${seed}`)]
}

/** All that the API answers an operator with, whatever they ask and change. */
async function everyAnswer(at: TestRuntime, stage: Stage): Promise<string> {
  const { operator } = stage.fleet
  const { items } = await operator.get('/v1/executions', pageOf(z.object({ executionId: z.string() })))
  const reads = items.flatMap(({ executionId }) => readablePaths(at, stage, executionId).map((path) => ({ path })))
  const answers = await inTurn(
    [...reads, ...Object.keys(changes).map((key) => changeRequest(stage, key))],
    operator.call,
  )
  expect(answers.filter(({ status }) => status >= 300)).toEqual([])
  return answers.map(({ text }) => text).join('\n')
}

function filesIn(directory: string): string {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n')
}
