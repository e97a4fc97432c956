import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoTenant, setUpDemoTenant } from '../../local/fleet/demo-tenant.ts'
import { type Fleet, startFleet } from '../../local/fleet/fleet.ts'
import { type Runtime, startRuntime } from '../../local/runtime.ts'
import type { Shell } from '../shell.ts'
import { instant } from '../words.ts'
import { keepTime, type TimeKeeper } from './time-keeper.ts'

/** What the stage is set for. */
export interface StageOptions {
  /** How many devices the fleet has. */
  readonly size: number
  readonly seed: number
  readonly shell: Shell
}

/** Everything that a story is told with. */
export interface Stage {
  readonly runtime: Runtime
  readonly tenant: DemoTenant
  readonly fleet: Fleet
  readonly time: TimeKeeper
  readonly validationGroupId: string
  readonly shell: Shell
}

/** Has `tell` play on a runtime of its own, with a fleet that is onboarded; nothing of it remains. */
export async function onStage<T>(options: StageOptions, tell: (stage: Stage) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rampart-demo-'))
  try {
    const runtime = await startRuntime({ dataDir, port: 0, clock: { kind: 'skip-idle' } })
    const time = keepTime(runtime.clock)
    try {
      return await untilInterrupted(withFleet({ ...options, dataDir, runtime, time }, tell))
    } finally {
      time.release()
      await runtime.close()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Gives up when a signal asks for that, so that nothing is left behind. */
function untilInterrupted<T>(work: Promise<T>): Promise<T> {
  const interruption = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => reject(new Error(`The demo was interrupted by ${signal}`)))
  })
  return Promise.race([work, interruption])
}

type Setting = StageOptions & { dataDir: string; runtime: Runtime; time: TimeKeeper }

async function withFleet<T>(setting: Setting, tell: (stage: Stage) => Promise<T>): Promise<T> {
  const { size, seed, dataDir, runtime, time, shell } = setting
  const { endpoint, adminToken: token, clock } = runtime
  const say = (text: string) => shell.tell(`${instant(new Date(clock.now()).toISOString())}  ${text}`)
  const tenant = await setUpDemoTenant({ endpoint, token, seed })
  const fleet = startFleet({ endpoint, clock, dataDir, size, seed, enrolmentToken: tenant.enrolmentToken })
  try {
    say(`${size} devices enrol and get their first package`)
    while (!isOnboarded(fleet)) await time.pass(anHourMs)
    say('every device is onboarded')
    const validationGroupId = await tenant.addValidationGroup('Validation', fleet.devices(), validationSize(size))
    return await tell({ runtime, tenant, fleet, time, validationGroupId, shell })
  } finally {
    await fleet.stop()
  }
}

/** Few beside the fleet, and enough to hold every habit on every build. */
const validationSize = (size: number) => Math.max(20, Math.ceil(size / 10))

const anHourMs = 3_600_000

/** Whether every device has a package in force. */
function isOnboarded(fleet: Fleet): boolean {
  return fleet.devices().every(({ activePackageId }) => activePackageId !== undefined)
}
