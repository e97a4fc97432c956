import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { adminApi } from '../../local/fleet/admin-api.ts'
import { type DemoTenant, setUpDemoTenant } from '../../local/fleet/demo-tenant.ts'
import { startFleet } from '../../local/fleet/fleet.ts'
import { syntheticPackage } from '../../local/fleet/synthetic-package.ts'
import { describeWithRuntime } from '../support/runtime.ts'
import { rampart } from './scripted-shell.ts'

describeWithRuntime('the command line, with a runtime', (at) => {
  /** Runs a command beside the runtime, as an operator does. */
  const run = async (...args: readonly string[]) => rampart(args, { workingDirectory: at().dataDir })
  const read = async <T>(expected: z.ZodType<T>, ...args: readonly string[]) =>
    expected.parse(JSON.parse((await run(...args, '--json')).printed))
  const demoTenant = (): Promise<DemoTenant> => {
    const { endpoint, adminToken: token } = at().runtime
    return setUpDemoTenant({ endpoint, token, seed: 1 })
  }

  beforeAll(async () => {
    const { dataDir, runtime, pass } = at()
    mkdirSync(join(dataDir, '.rampart'))
    writeFileSync(join(dataDir, '.rampart', 'runtime.json'), JSON.stringify(runtime))
    const { endpoint, clock } = runtime
    const { enrolmentToken } = await demoTenant()
    const fleet = startFleet({ endpoint, clock, dataDir, size: 12, seed: 1, enrolmentToken })
    await pass({ hours: 2 })
    await fleet.stop()
  })

  test('a demo tenant is set up once, however often that is asked for', async () => {
    const [first, second] = [await demoTenant(), await demoTenant()]
    const { items } = await read(z.object({ items: z.array(z.unknown()) }), 'policies', 'list')

    expect(second.policyId).toBe(first.policyId)
    expect(await second.addPackage('Next')).toBe(await first.addPackage('Next'))
    expect(items).toHaveLength(1)
  })

  test('the overview counts the devices that enrolled', async () => {
    const { exitCode, printed } = await run('overview')

    expect(exitCode).toBe(0)
    expect(printed).toMatch(/^devices +enrolled 12, /m)
  })

  test('a package is made from a file, listed and shown, but never with its content', async () => {
    const content = syntheticPackage({ seed: 'from a file' })
    writeFileSync(join(at().dataDir, 'package.onboarding'), content)
    const created = await read(
      z.looseObject({ packageId: z.string() }),
      'packages',
      'create',
      '--file',
      'package.onboarding',
      '--name',
      'From a file',
    )
    const shown = await run('packages', 'show', created.packageId)

    expect((await run('packages', 'list')).printed).toMatch(/^From a file +onboard /m)
    expect(shown.printed).toContain(created.packageId)
    expect(shown.printed).not.toContain('onboardingInfo')
  })

  test('a file that is no package is refused with what is wrong where', async () => {
    writeFileSync(join(at().dataDir, 'no-package'), '{"onboardingInfo": 1}')
    const { exitCode, told } = await run('packages', 'create', '--file', 'no-package')

    expect(exitCode).toBe(2)
    expect(told).toContain('/content/onboardingInfo: ')
    expect((await run('packages', 'create', '--file', 'missing')).told).toContain("missing' can't be read")
  })

  test('a group is made and filled', async () => {
    const { items } = await read(
      z.object({ items: z.array(z.object({ deviceId: z.string() })) }),
      'devices',
      'list',
      '--limit',
      '3',
    )
    await run('groups', 'create', '--name', 'Three')
    const added = await run('groups', 'add-members', 'Three', ...items.map(({ deviceId }) => deviceId))

    expect(added).toMatchObject({ exitCode: 0, told: '' })
    expect((await run('groups', 'list')).printed).toMatch(/^Three +static +3 /m)
    expect((await run('devices', 'show', items[0]?.deviceId ?? '')).printed).toMatch(/^onboarding status +onboarded$/m)
  })

  test('a rotation is started, shown, paused, resumed and aborted, by names alone', async () => {
    const { items } = await read(z.object({ items: z.array(z.object({ deviceId: z.string() })) }), 'devices', 'list')
    const tenant = await demoTenant()
    await tenant.addPackage('Next')
    await run('groups', 'create', '--name', 'Validation')
    await run('groups', 'add-members', 'Validation', ...items.slice(0, 4).map(({ deviceId }) => deviceId))

    const started = await run(
      'rotations',
      'start',
      '--old-policy',
      'Windows EDR',
      '--package',
      'Next',
      '--name',
      'One',
      '--validation-group',
      'Validation',
      '--waves',
      '50d,100',
      '--soak-minutes',
      '60',
    )
    await at().pass({ hours: 1 })
    const shown = await run('rotations', 'show', 'One')
    const paused = await run('rotations', 'pause', 'One', '--reason', 'To look at it')
    const refused = await run('rotations', 'pause', 'One', '--reason', 'To look at it')
    const resumed = await run('rotations', 'resume', 'One', '--reason', 'Looked at')
    const aborted = await run('rotations', 'abort', 'One', '--reason', 'Not wanted')
    await at().pass({ hours: 80 })
    const watched = await run('rotations', 'show', 'One', '--watch')

    expect(started).toMatchObject({ exitCode: 0, told: '' })
    expect(shown.printed).toMatch(/^validation +active /m)
    expect(shown.printed).toMatch(/^wave 1 \(50 devices\) +pending$/m)
    expect(shown.printed).toMatch(/^latest gate +hold by rule hold-for-/m)
    expect(paused.printed).toMatch(/^One is paused: /)
    expect(refused).toMatchObject({ exitCode: 3, told: "Can't pause a paused rotation; it must be running" })
    expect(resumed.printed).toMatch(/^One is running: /)
    expect(aborted.printed).toMatch(/^One is aborting: /)
    expect(watched.exitCode).toBe(1)
    expect(watched.told).toMatch(/^One is rolled back: /m)
    expect((await run('rotations', 'list')).printed).toMatch(/^One +rolled back +validation /m)
  })

  test('its executions are listed and shown, state by state', async () => {
    const { items } = await read(
      z.object({ items: z.array(z.object({ executionId: z.string(), wave: z.number().optional() })) }),
      'executions',
      'list',
    )
    const whole = items.find(({ wave }) => wave === undefined)?.executionId ?? ''

    expect(items).toHaveLength(2)
    expect((await run('executions', 'show', whole)).printed).toMatch(/^PrepareRotation +\S+ \S+ +.*succeeded$/m)
    expect((await run('executions', 'show', whole, '--history')).printed).toMatch(/^1 +\S+ +ExecutionStarted/m)
  })

  test('what does not exist is named', async () => {
    expect(await run('rotations', 'show', 'Two')).toMatchObject({
      exitCode: 2,
      told: "No rotation has the id or name 'Two'",
    })
    expect((await run('devices', 'show', 'nobody')).told).toContain("'nobody'")
  })

  test('a token that is not valid is refused', async () => {
    const { endpoint } = at().runtime
    const answer = adminApi({ endpoint, token: 'none' }).get('/v1/overview', z.unknown())

    await expect(answer).rejects.toMatchObject({ status: 401 })
  })
})
