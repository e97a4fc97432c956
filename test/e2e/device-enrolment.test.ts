import { beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { aFleet, type TestFleet } from '../support/fleet.ts'
import { describeWithRuntime } from '../support/runtime.ts'
import { contentsBesidesKeys, problemIn } from '../support/stage.ts'

const enrolled = z.object({ deviceId: z.string(), credential: z.string(), checkInSeconds: z.number() })

describeWithRuntime('a device that enrols', (at) => {
  let fleet: TestFleet
  beforeAll(async () => {
    fleet = await aFleet(at())
  })
  const enrolment = (changes: object = {}) => ({
    enrolmentToken: fleet.enrolmentToken,
    name: 'pc-1',
    platform: 'windows',
    osVersion: '10.0.26100.1742',
    deviceKey: 'serial-1',
    ...changes,
  })
  const enrol = (changes?: object) =>
    at()
      .api()
      .call({ method: 'POST', path: '/v1/device/enrolments', body: enrolment(changes) })
  const statusOf = async (credential: string) => {
    const request = { method: 'POST', path: '/v1/device/check-ins', body: { sensorState: 'unknown' } }
    return (await at().api(`Device ${credential}`).call(request)).status
  }

  test('is let in with a token that is good, and with no other', async () => {
    const { token } = await fleet.operator.post('/v1/enrolmentTokens', z.object({ token: z.string() }), {
      expiresInHours: 1,
    })
    expect(await enrol({ enrolmentToken: token })).toMatchObject({ status: 201 })
    await at().pass({ minutes: 61 })

    const before = await contentsBesidesKeys(at())
    const [tenant = '', id = '', secret = ''] = fleet.enrolmentToken.split('.')
    const otherTenant = Buffer.from('demo').toString('base64url')
    const bad = [token, 'nonsense', '', `${tenant}.${id}.AAAA`, `${otherTenant}.${id}.${secret}`]
    for (const enrolmentToken of bad) {
      const problem = problemIn(await enrol({ enrolmentToken, deviceKey: 'serial-2' }))
      expect(problem).toEqual({ status: 403, code: 'forbidden', pointers: ['/enrolmentToken'] })
    }
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })

  test('stays the same device when it enrols again, with a new credential instead of the old one', async () => {
    const [first, second] = [enrolled.parse((await enrol()).body), enrolled.parse((await enrol()).body)]
    const other = enrolled.parse((await enrol({ deviceKey: 'serial-2' })).body)

    expect(second.deviceId).toBe(first.deviceId)
    expect(other.deviceId).not.toBe(first.deviceId)
    expect(await statusOf(second.credential)).toBe(200)
    expect(await statusOf(first.credential)).toBe(403)
    expect(await statusOf(other.credential)).toBe(200)
  })

  test.each([
    ['/name', { name: ' ' }],
    ['/platform', { platform: 'macOS' }],
    ['/osVersion', { osVersion: 'Windows 11' }],
    ['/deviceKey', { deviceKey: 'short' }],
    ['', { isAdministrator: true }],
  ])('must say what it is: %s', async (pointer, changes) => {
    const before = await contentsBesidesKeys(at())

    expect(problemIn(await enrol(changes))).toEqual({ status: 400, code: 'invalid_request', pointers: [pointer] })
    expect(await contentsBesidesKeys(at())).toEqual(before)
  })
})
