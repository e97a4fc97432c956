import { loopMachines, loopRounds } from './engine/loop-machines.ts'
import { measureRotation, type RotationCost } from './engine/rotation.ts'
import { measureSpeeds, type Speed } from './engine/speed.ts'
import type { Report, Table } from './report.ts'

const fleetSizes = [1000, 100_000]
const rounds = 9

/** What a rotation costs at two sizes of the fleet, and how fast the engine is beside aws-local-stepfunctions. */
export async function benchEngine(dataDir: string): Promise<Report> {
  console.error('Measuring transitions per second')
  const speeds = await measureSpeeds(dataDir, rounds)
  const rotations: RotationCost[] = []
  for (const size of fleetSizes) {
    console.error(`Storing ${size} devices and rotating them`)
    rotations.push(await measureRotation(size, dataDir))
  }
  const machines = loopMachines.map(({ name, description }) => `${name}: ${description}`)
  return {
    tables: [rotationTable(rotations), speedTable(speeds, machines)],
    result: { rotations, isIndependentOfFleet: isIndependent(rotations), speeds, rounds },
  }
}

function rotationTable(rotations: readonly RotationCost[]): Table {
  return {
    title: 'A rotation of a validation wave and six waves, each by its own execution',
    columns: [
      'devices',
      'events, rotation',
      'events, each wave',
      'items, each expansion',
      'items, all waves',
      'waves wall ms',
      'waves CPU ms',
    ],
    rows: rotations.map(({ devices, events, eventsByWave, itemsByExpansion, items, waves }) => [
      devices.toLocaleString('en'),
      events,
      range(eventsByWave),
      range(itemsByExpansion),
      items,
      waves.wallMs,
      waves.cpuMs,
    ]),
  }
}

function speedTable(speeds: readonly Speed[], machines: readonly string[]): Table {
  return {
    title: `Transitions of executions that loop ${loopRounds} times, medians of ${rounds} rounds taken in turns\n${machines.join('\n')}`,
    columns: ['engine', 'machine', 'side by side', 'transitions/s', 'CPU µs/transition', 'ratio'],
    rows: speeds.map((speed) => [
      speed.engine,
      speed.machine,
      speed.executions,
      speed.transitionsPerSecond,
      speed.cpuMicrosecondsPerTransition,
      speed.ratio,
    ]),
  }
}

/** One number where all are alike, else the least and the most. */
function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return least === most ? String(least) : `${least} to ${most}`
}

/** Whether neither the histories nor what the expansions write differ between the sizes. */
function isIndependent(rotations: readonly RotationCost[]): boolean {
  const costs = rotations.map(({ events, eventsByWave, itemsByExpansion, items }) =>
    JSON.stringify({ events, eventsByWave, itemsByExpansion, items }),
  )
  return new Set(costs).size === 1
}
