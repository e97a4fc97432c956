import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { adminApi } from '../../local/fleet/admin-api.ts'
import type { Rotation } from '../rotations/rotation.ts'
import { follow } from '../rotations/watch.ts'
import { instant } from '../words.ts'
import type { Stage } from './stage.ts'

/** A package that the fleet is moved to. */
export interface Story {
  readonly title: string
  readonly packageName: string
  /** What the package breaks. */
  readonly packageFailure: string
  readonly expected: 'completed' | 'rolled_back'
}

/** What the demo shows: that a good package reaches everyone, and that a bad one is stopped by itself. */
export const stories: readonly Story[] = [
  { title: 'A good package', packageName: 'Next', packageFailure: 'none', expected: 'completed' },
  {
    title: 'A package that breaks a tenth of the devices, half of them silently',
    packageName: 'Faulty',
    packageFailure: 'all:0.1,silent=0.5',
    expected: 'rolled_back',
  },
]

/** Moves the fleet from the policy to the story's package, and shows it, until the rotation is over. */
export async function tellStory(story: Story, oldPolicyId: string, stage: Stage): Promise<Rotation> {
  const { runtime, tenant, fleet, time, validationGroupId, shell } = stage
  const api = adminApi({ endpoint: runtime.endpoint, token: runtime.adminToken })
  shell.tell(`\n${story.title}`)
  const packageId = await tenant.addPackage(story.packageName)
  fleet.setPackageFailure(packageId, story.packageFailure)
  const name = `To package ${story.packageName}`
  const body = { name, oldPolicyId, packageId, validationGroupId, waves, gate, rollbackHours }
  const started = z.looseObject({ rotationId: z.string() })
  const { rotationId } = (await api.post('/v1/rotations', started, { body, idempotencyKey: randomUUID() })).body
  const now = () => instant(new Date(runtime.clock.now()).toISOString())
  return follow(api, rotationId, { shell, now, wait: () => time.pass(lookEveryMs) })
}

const waves = [{ percent: 5 }, { percent: 25 }, { percent: 100 }]
/** Less patient than a plan for a real fleet, which would wait for its slow devices. */
const gate = { soakMinutes: 360, minOutcomePercent: 20, verificationMinutes: 480 }
const rollbackHours = 12
const lookEveryMs = 3_600_000
