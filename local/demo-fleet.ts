import { setUpDemoTenant } from './fleet/demo-tenant.ts'
import { type Fleet, startFleet } from './fleet/fleet.ts'
import type { RestartHabit } from './fleet/machine.ts'
import type { Runtime } from './runtime.ts'

/** Which fleet to simulate, and where to keep it. */
export interface DemoFleetOptions {
  readonly dataDir: string
  readonly size: number
  readonly seed: number
  /** How often every device is restarted; by default each has a habit of its own. */
  readonly restartHabit?: RestartHabit | undefined
}

/** How many devices try a package first. */
const validationSize = 50

/**
 * Sets up the demo tenant and sets its fleet to work. There are packages to rotate to, a good one and one that breaks a
 * tenth of the devices, and, as soon as every device is enrolled, a group to validate them on.
 */
export function startDemoFleet(runtime: Runtime, options: DemoFleetOptions): Promise<Fleet> {
  const { seed } = options
  const { endpoint, adminToken: token, clock } = runtime
  return clock.track(start())

  async function start(): Promise<Fleet> {
    const tenant = await setUpDemoTenant({ endpoint, token, seed })
    await tenant.addPackage('Next')
    const brokenId = await tenant.addPackage('Broken')
    const { enrolmentToken } = tenant
    const packageFailures = { [brokenId]: 'all:0.1,silent=0.5' }
    const fleet = startFleet({ ...options, endpoint, clock, enrolmentToken, packageFailures })
    whenEnrolled(runtime, fleet, () => tenant.addValidationGroup('Validation', fleet.devices(), validationSize))
    return fleet
  }
}

/** Does `work` when every device of the fleet is enrolled; looks every five seconds. */
function whenEnrolled({ clock }: Runtime, fleet: Fleet, work: () => Promise<unknown>): void {
  const look = () => {
    const isEnrolled = fleet.devices().every(({ deviceId }) => deviceId !== undefined)
    if (isEnrolled) void clock.track(work()).catch(later)
    else later()
  }
  const later = () => void clock.at(clock.now() + 5_000, look)
  look()
}
