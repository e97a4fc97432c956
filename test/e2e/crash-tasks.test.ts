import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import { beforeAll, expect, test } from '@jest/globals'
import type { RotationAction } from '../../domain/rotation.ts'
import { handler as rotationRoutes } from '../../functions/api/rotations.ts'
import type { App } from '../../functions/app.ts'
import { evaluateRotation } from '../../functions/evaluate-rotation.ts'
import { type RotationDraft, startRotation } from '../../functions/start-rotation.ts'
import type { TaskHandler } from '../../functions/task.ts'
import { handler as decommissionPolicy } from '../../functions/tasks/decommission-policy.ts'
import { handler as enterWave } from '../../functions/tasks/enter-wave.ts'
import { handler as finishRotation } from '../../functions/tasks/finish-rotation.ts'
import { handler as openWait } from '../../functions/tasks/open-wait.ts'
import { handler as prepareRotation } from '../../functions/tasks/prepare-rotation.ts'
import { handler as rollBack } from '../../functions/tasks/roll-back.ts'
import { connect } from '../../store/connection.ts'
import { actionRequest } from '../support/action-request.ts'
import { aPolicy, aRotation, noon } from '../support/builders.ts'
import { appOn, CrashError, type CrashPoint, crashAtWrites, crashing, waitingExecutions } from '../support/crashing.ts'
import { describeWithTable, type TestTable } from '../support/dynamodb.ts'
import { anOnboardingPackage } from '../support/packages.ts'

/** Something that happens to a rotation: it may open a wait, and end it. */
interface Step {
  readonly opens?: string
  readonly ends?: string
  run(app: App, tenantId: string): Promise<unknown>
}

const rotationId = 'spring'
const hourMs = 3_600_000

const started: Step = {
  run: (app, tenantId) => startRotation(draft, { tenantId, rotationId, createdBy: 'ada' }, app),
}
const task = (handler: TaskHandler<unknown>, input: object): Step => ({
  run: (app, tenantId) => handler.run({ tenantId, rotationId, ...input }, app),
})
const waiting = (kind: string, wave: number): Step => ({
  opens: `${kind} ${wave}`,
  ends: `${kind} ${wave}`,
  run: (app, tenantId) =>
    openWait.run({ tenantId, rotationId, wave, kind, taskToken: `${tenantId}${kind} ${wave}` }, app),
})
const evaluated = (ends: string): Step => ({
  ends,
  run: (app, tenantId) => evaluateRotation({ tenantId, rotationId }, app),
})
/** What an operator does, who sends the same request again where it was not answered. */
const acted = (action: RotationAction): Step => ({
  run: async (app, tenantId) => {
    const { statusCode, body = '' } = await rotationRoutes.run(actionRequest({ tenantId, rotationId }, action), app)
    if (statusCode !== 201) throw new CrashError(`The answer was ${statusCode}: ${body}`)
    return JSON.parse(body)
  },
})
/** What the devices did meanwhile, as it is counted. */
const counted = (place: number, wave: number, changes: Record<string, number>, onOldPolicy = 0): Step => ({
  run: async (app, tenantId) => {
    await app.counters.apply(tenantId, String(place), [
      { tenantId, scope: { kind: 'wave', rotationId, wave }, changes },
      { tenantId, scope: { kind: 'rotation', rotationId }, changes },
      { tenantId, scope: { kind: 'policy', policyId: 'old' }, changes: { devices: onOldPolicy } },
    ])
  },
})

const wave = (number: number): Step[] => [
  waiting('start', number),
  task(enterWave, { wave: number, executionArn: 'arn' }),
  waiting('gate', number),
]
const beginning: Step[] = [started, task(prepareRotation, {}), ...wave(0)]
/** Steps that begin where others have led to, and the decision that they end every wait with. */
interface Story {
  readonly before: readonly Step[]
  readonly steps: readonly Step[]
  readonly decisions: readonly string[]
}

const stories: Readonly<Record<string, Story>> = {
  begins: { before: [], steps: beginning, decisions: ['go'] },
  'is completed': {
    before: beginning,
    decisions: ['go', 'promote', 'go', 'promote', 'go'],
    steps: [
      counted(2, 0, { succeeded: 2 }),
      evaluated('gate 0'),
      ...wave(1),
      counted(3, 1, { succeeded: 1 }, -3),
      evaluated('gate 1'),
      waiting('decommission', 1),
      evaluated('decommission 1'),
      task(decommissionPolicy, {}),
      started,
    ],
  },
  'is paused, resumed and aborted': {
    before: beginning,
    decisions: ['go', 'abort'],
    steps: [acted('pause'), acted('resume'), acted('abort'), task(rollBack, { failure: null })],
  },
  'is rolled back': {
    before: beginning,
    decisions: ['go', 'abort', 'go'],
    steps: [
      counted(2, 0, { failed: 3, harmed: 3 }),
      evaluated('gate 0'),
      task(rollBack, { failure: null }),
      waiting('rollback', 0),
      counted(3, 0, { failed: -3, rolled_back: 3 }),
      evaluated('rollback 0'),
      task(finishRotation, {}),
      started,
    ],
  },
}

describeWithTable('a rotation', (table) => {
  let walk: ReturnType<typeof walker>

  beforeAll(() => {
    walk = walker(table())
  })

  test.each(Object.entries(stories))(
    '%s whichever effect of its tasks the process is killed at, just before it or right after',
    async (_, { before, steps, decisions }) => {
      expect((await walk([...before, ...steps])).decisions).toEqual(decisions)
      for (const index of steps.keys()) {
        const place = before.length + index
        const untilNext = [...before, ...steps.slice(0, index + 2)]
        const { effects, ...undisturbed } = await walk(untilNext)
        for (const point of pointsIn(effects[place] ?? 0)) {
          const { effects: _, ...disturbed } = await walk(untilNext, { place, point })
          expect({ place, point, ...disturbed }).toEqual({ place, point, ...undisturbed })
        }
      }
    },
    120_000,
  )
})

const pointsIn = (effects: number): CrashPoint[] =>
  Array.from({ length: effects }, (_, index) => index + 1).flatMap((effect) => [
    { effect, side: 'before' },
    { effect, side: 'after' },
  ])

const draft: RotationDraft = {
  name: 'Spring',
  oldPolicyId: 'old',
  packageId: 'next',
  plan: {
    ...aRotation().plan,
    waves: [{ percent: 100 }],
    gate: { ...aRotation().plan.gate, soakMinutes: 150, minOutcomePercent: 0, minReachedPercent: 0 },
  },
}

/** Plays a story on a tenant of its own; a step that crashes is taken again, as long as what it waits for is open. */
function walker(table: TestTable) {
  const crash = crashing()
  const executions = waitingExecutions(crash)
  let nowMs = 0
  let tenants = 0
  const app = appOn(table, () => nowMs, executions)
  crashAtWrites(table, crash)

  return async (steps: readonly Step[], killed?: { readonly place: number; readonly point: CrashPoint }) => {
    const tenantId = `tenant-${++tenants}`
    await setUp(app, tenantId)
    executions.take()
    const effects: number[] = []
    const results: unknown[] = []
    for (const [place, step] of [...steps, evaluated('all')].entries()) {
      nowMs = Date.parse(noon) + place * hourMs
      if (step.opens) executions.open(`${tenantId}${step.opens}`)
      crash.begin(killed?.place === place ? killed.point : undefined)
      const result = await step.run(app, tenantId).catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error
        return step.ends && !executions.isOpen(`${tenantId}${step.ends}`) ? undefined : step.run(app, tenantId)
      })
      results.push(unnamed(tenantId, result))
      effects.push(crash.made())
    }
    const answers = executions.take().map((answer) => answer.replace(tenantId, ''))
    const decisions = answers.flatMap((answer) => /"decision":"(\w+)"/.exec(answer)?.[1] ?? [])
    return { effects, results, answers, decisions, contents: await contentsOf(table, tenantId) }
  }
}

/** A tenant with a policy to replace, a package to replace it with, and a group of two to try it on. */
async function setUp(app: App, tenantId: string): Promise<void> {
  const sealed = { sealedDataKey: 'key', initializationVector: 'iv', ciphertext: 'text', authenticationTag: 'tag' }
  const group = { kind: 'static', tenantId, groupId: 'pilots', name: 'Pilots', description: '' } as const
  await app.tenants.create({ tenantId, name: tenantId, createdAt: noon })
  await app.packages.create(anOnboardingPackage({ tenantId, packageId: 'current', fingerprint: 'c' }), sealed)
  await app.packages.create(anOnboardingPackage({ tenantId, packageId: 'next', fingerprint: 'n' }), sealed)
  await app.policies.create(aPolicy({ tenantId }))
  await app.groups.create({ ...group, memberCount: 2, createdAt: noon, revision: 1 })
  const devices = { tenantId, scope: { kind: 'policy', policyId: 'old' }, changes: { devices: 3 } } as const
  await app.counters.apply(tenantId, '1', [devices])
}

/** All that is kept of the tenant, but for its packages' contents and its devices. */
async function contentsOf({ client, tableName }: TestTable, tenantId: string) {
  const { client: documents } = connect(client, tableName)
  const partitions = ['', '#configuration', '#counters', `#rotation#${rotationId}`].map(async (end) => {
    const query = {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `tenant#${tenantId}${end}` },
    }
    return (await documents.send(new QueryCommand({ TableName: tableName, ...query }))).Items
  })
  return unnamed(tenantId, await Promise.all(partitions))
}

/** The same for every tenant. */
function unnamed(tenantId: string, value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(
        JSON.stringify(value)
          .replaceAll(tenantId, 'tenant')
          .replaceAll(/action-\w+/g, 'action'),
      )
}
