import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { windowsEdrSettings } from '../../../domain/profiles/windows-edr.ts'
import { type Agent, newAgent, received, report, restarted } from '../../../local/fleet/agent.ts'
import type { CheckInAnswer } from '../../../local/fleet/device-api.ts'

const at = '2026-03-01T12:00:00.000Z'

/** What the API answers a device that is to have the package: the content comes only when the device lacks it. */
function answerTo(agent: Agent, packageId: string): Extract<CheckInAnswer, { unchanged: false }> {
  const isHeld = [agent.activePackageId, agent.pendingPackageId].includes(packageId)
  const policyId = `policy of ${packageId}`
  const settings = [{ settingDefinitionId: windowsEdrSettings.onboarding, value: packageId }]
  return {
    etag: `etag of ${packageId}`,
    unchanged: false,
    nextCheckInSeconds: 60,
    policies: [{ policyId, settings }],
    onboardingPackage: isHeld ? undefined : { packageId, policyId, content: 'secret' },
  }
}

type Happening =
  | { kind: 'restart' }
  | { kind: 'check-in'; packageId: string }
  | { kind: 'lost content'; packageId: string }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({ kind: fc.constant('check-in' as const), packageId: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ kind: fc.constant('lost content' as const), packageId: fc.constantFrom('a', 'b', 'c') }),
)

function lived(agent: Agent, happening: Happening): Agent {
  if (happening.kind === 'restart') return restarted(agent, at)
  const answer = answerTo(agent, happening.packageId)
  return received(agent, happening.kind === 'check-in' ? answer : { ...answer, onboardingPackage: undefined })
}

const anyLife = fc.array(happening, { maxLength: 20 })
const lifeOf = (life: readonly Happening[]) => life.reduce(lived, newAgent)

describe('the agent of a device', () => {
  test('never lets a package take effect before a restart', () => {
    fc.assert(
      fc.property(anyLife, fc.constantFrom('a', 'b', 'c'), (life, packageId) => {
        const agent = lifeOf(life)

        expect(received(agent, answerTo(agent, packageId)).activePackageId).toBe(agent.activePackageId)
      }),
    )
  })

  test('has the package in force that it was told to have before its restart, and no other one pending', () => {
    fc.assert(
      fc.property(anyLife, fc.constantFrom('a', 'b', 'c'), (life, packageId) => {
        const agent = lifeOf(life)
        const after = restarted(received(agent, answerTo(agent, packageId)), at)

        expect(after).toMatchObject({ activePackageId: packageId, pendingPackageId: undefined, lastRestartAt: at })
      }),
    )
  })

  test('claims to know an answer only with its package on the device', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const agent = lifeOf(life)
        const { knownEtag, activePackageId, pendingPackageId } = report(agent, 'works')

        if (knownEtag !== undefined)
          expect([activePackageId, pendingPackageId].map((id) => `etag of ${id}`)).toContain(knownEtag)
      }),
    )
  })

  test('keeps what it holds over an answer that changes nothing', () => {
    fc.assert(
      fc.property(anyLife, fc.string(), (life, etag) => {
        const agent = lifeOf(life)

        expect(received(agent, { unchanged: true, etag, nextCheckInSeconds: 60 })).toEqual({ ...agent, etag })
      }),
    )
  })

  test('drops a pending package when it is told to keep the one in force', () => {
    const active = restarted(received(newAgent, answerTo(newAgent, 'old')), at)
    const pending = received(active, answerTo(active, 'new'))

    expect(pending.pendingPackageId).toBe('new')
    expect(received(pending, answerTo(pending, 'old')).pendingPackageId).toBeUndefined()
  })

  test('reports a policy as succeeded or failed once its package is in force, and not before', () => {
    const pending = received(newAgent, answerTo(newAgent, 'new'))
    const active = restarted(pending, at)

    expect(report(pending, 'works')).toMatchObject({ sensorState: 'inactive', policyResults: [] })
    expect(report(active, 'works')).toMatchObject({
      sensorState: 'active',
      policyResults: [{ policyId: 'policy of new', status: 'succeeded' }],
    })
    expect(report(active, 'reportsFailure')).toMatchObject({
      sensorState: 'impairedCommunication',
      policyResults: [{ policyId: 'policy of new', status: 'error' }],
    })
    expect(report(active, 'fallsSilent')).toMatchObject({ sensorState: 'unknown', policyResults: [] })
  })
})
