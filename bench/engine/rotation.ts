import { join } from 'node:path'
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { addMembers } from '../../local/fleet/add-members.ts'
import { type AdminApi, adminApi } from '../../local/fleet/admin-api.ts'
import { setUpDemoTenant } from '../../local/fleet/demo-tenant.ts'
import { type Runtime, startRuntime } from '../../local/runtime.ts'
import { type Taken, take } from '../measure.ts'
import { type BulkFleet, bulkFleet } from './fleet.ts'
import { type WrittenItem, watchWrites } from './written-items.ts'

/** What a rotation of a fleet costs the engine and the table. */
export interface RotationCost {
  readonly devices: number
  /** Events in the history of the rotation's execution. */
  readonly events: number
  /** Events in the histories of the waves' executions, the validation wave first. */
  readonly eventsByWave: readonly number[]
  /** Items written to move each wave's devices, the validation wave first. */
  readonly itemsByExpansion: readonly number[]
  /** Items written from the rotation's start until its last wave was promoted, but for the waits' own. */
  readonly items: number
  /** What all waves took. */
  readonly waves: Taken
}

const wavePercents = [1, 5, 20, 50, 80, 100]
const validationSize = 40

/** Gates that need no evidence, so that nothing but the engine and the table takes time. */
const gate = { soakMinutes: 0, minOutcomePercent: 0, minReachedPercent: 0 }

const rotationShape = z.object({
  rotationId: z.string(),
  status: z.string(),
  executionArn: z.string(),
  waitingFor: z.object({ kind: z.string() }).optional(),
  waves: z.array(z.object({ executionArn: z.string().optional() })),
})
type Rotation = z.infer<typeof rotationShape>

/** Carries a rotation of `size` devices through six waves to its end, on a runtime of its own under `dataDir`. */
export async function measureRotation(size: number, dataDir: string): Promise<RotationCost> {
  const runtime = await startRuntime({ dataDir: join(dataDir, String(size)), port: 0, clock: { kind: 'skip-idle' } })
  const fleet = bulkFleet(runtime, size)
  try {
    return await rotate(runtime, fleet)
  } finally {
    fleet.close()
    await runtime.close()
  }
}

async function rotate(runtime: Runtime, fleet: BulkFleet): Promise<RotationCost> {
  const { clock, endpoint, adminToken: token } = runtime
  const api = adminApi({ endpoint, token })
  const draft = await clock.track(prepare(api, runtime, fleet))
  await counted(runtime)
  await clock.track(expectEnrolled(api, fleet))

  const writesSince = await clock.track(watchWrites(runtime))
  let rotation = await clock.track(start(api, draft))
  const waves = await take(async () => {
    rotation = await settled(runtime, api, rotation, ({ waitingFor }) => waitingFor?.kind === 'decommission')
  })
  const written = await writesSince()

  await clock.track(fleet.follow())
  rotation = await settled(runtime, api, rotation, ({ status }) => status === 'completed')
  const waveArns = rotation.waves.flatMap(({ executionArn }) => executionArn ?? [])
  const [events = 0, ...eventsByWave] = await eventCounts(runtime, [rotation.executionArn, ...waveArns])
  const itemsByExpansion = waveArns.map((_, wave) => expansionOf(written, wave).length)
  const items = withoutWaits(written).length
  return { devices: fleet.deviceIds.length, events, eventsByWave, itemsByExpansion, items, waves }
}

/** A tenant whose whole fleet has the old package; gives the rotation to ask for. */
async function prepare(api: AdminApi, { endpoint, adminToken: token }: Runtime, fleet: BulkFleet) {
  const tenant = await setUpDemoTenant({ endpoint, token, seed: 1 })
  const packageId = await tenant.addPackage('Next')
  await fleet.join()
  const group = { body: { name: 'Validation' }, idempotencyKey: 'bench-group' }
  const { groupId } = (await api.post('/v1/groups', z.object({ groupId: z.string() }), group)).body
  await addMembers(api, groupId, fleet.deviceIds.slice(0, validationSize))
  const waves = wavePercents.map((percent) => ({ percent }))
  return { name: 'Bench', oldPolicyId: tenant.policyId, packageId, validationGroupId: groupId, waves, gate }
}

async function expectEnrolled(api: AdminApi, { deviceIds }: BulkFleet): Promise<void> {
  const overview = z.object({ devices: z.object({ enrolled: z.number() }) })
  const { enrolled } = (await api.get('/v1/overview', overview)).body.devices
  if (enrolled === deviceIds.length) return
  throw new Error(`${enrolled} devices are counted as enrolled; expected ${deviceIds.length}`)
}

async function start(api: AdminApi, body: object): Promise<Rotation> {
  return (await api.post('/v1/rotations', rotationShape, { body, idempotencyKey: 'bench-rotation' })).body
}

/** Lets a minute pass, before which everything that was written is counted. */
function counted({ clock }: Runtime): Promise<void> {
  return new Promise((resolve) => void clock.at(clock.now() + 60_000, resolve))
}

/** How many minutes a rotation may take to come where it should. */
const mostMinutes = 24 * 60

/** The rotation as soon as it is where it should be; looks once a minute. */
async function settled(
  runtime: Runtime,
  api: AdminApi,
  { rotationId }: Rotation,
  isThere: (rotation: Rotation) => boolean,
): Promise<Rotation> {
  for (let minute = 0; minute < mostMinutes; minute++) {
    const { body } = await runtime.clock.track(api.get(`/v1/rotations/${rotationId}`, rotationShape))
    if (isThere(body)) return body
    await counted(runtime)
  }
  throw new Error(`Rotation '${rotationId}' did not come to its end within ${mostMinutes} minutes`)
}

async function eventCounts(runtime: Runtime, executionArns: readonly string[]): Promise<number[]> {
  const { gatewayEndpoint: endpoint, credentials, deployment } = runtime
  const client = new SFNClient({ endpoint, credentials, region: deployment.region })
  const counts = await Promise.all(executionArns.map((executionArn) => eventCount(client, executionArn)))
  client.destroy()
  return counts
}

async function eventCount(client: SFNClient, executionArn: string): Promise<number> {
  let count = 0
  let nextToken: string | undefined
  do {
    const page = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }))
    count += page.events?.length ?? 0
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return count
}

/** What was written between the wave's waits for its start and for its gate. */
function expansionOf(written: readonly WrittenItem[], wave: number): readonly WrittenItem[] {
  const indexOf = (kind: string) =>
    written.findIndex((item) => item.entity === 'wait' && item.wave === wave && item.waitKind === kind)
  return withoutWaits(written.slice(indexOf('start'), indexOf('gate')))
}

/** A wait that is over is deleted, or replaced by the next one where that is faster: its writes are not always as many. */
function withoutWaits(written: readonly WrittenItem[]): readonly WrittenItem[] {
  return written.filter(({ entity }) => entity !== 'wait')
}
