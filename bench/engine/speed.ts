import { deepStrictEqual } from 'node:assert/strict'
import { join } from 'node:path'
import { takeInTurns } from '../measure.ts'
import { awsLocalStepFunctions, type Contender, rampartEngine } from './contenders.ts'
import { type LoopMachine, loopInput, loopMachines, loopRounds, loopTransitions } from './loop-machines.ts'

/** How fast an engine takes a machine through its states. */
export interface Speed {
  readonly machine: string
  readonly executions: number
  readonly engine: string
  readonly transitionsPerSecond: number
  readonly cpuMicrosecondsPerTransition: number
  /** Transitions per second as a multiple of those of aws-local-stepfunctions. */
  readonly ratio: number
}

/** Executions that run side by side, and how often each engine takes its turn. */
const loads = [
  { executions: 1, repeats: 10 },
  { executions: 50, repeats: 1 },
]

/** Measures Rampart's engine and aws-local-stepfunctions in turns; fails where an engine gives another result. */
export async function measureSpeeds(dataDir: string, rounds: number): Promise<Speed[]> {
  const engines = [
    await rampartEngine('rampart, journal on disk', join(dataDir, 'journal.sqlite')),
    await rampartEngine('rampart, journal in memory', ':memory:'),
    awsLocalStepFunctions(),
  ]
  const speeds: Speed[] = []
  for (const machine of loopMachines) {
    for (const load of loads) speeds.push(...(await measure(engines, machine, load, rounds)))
  }
  for (const engine of engines) await engine.close()
  return speeds
}

async function measure(
  engines: readonly Contender[],
  machine: LoopMachine,
  { executions, repeats }: (typeof loads)[number],
  rounds: number,
): Promise<Speed[]> {
  const works = engines.map((engine) => async () => {
    for (let repeat = 0; repeat < repeats; repeat++)
      checkOutputs(await engine.run(machine, executions), engine, machine)
  })
  const taken = await takeInTurns(works, { rounds, warmUps: 3 })
  const transitions = executions * repeats * loopTransitions
  const reference = taken.at(-1)?.wallMs ?? Number.NaN
  return engines.map(({ name }, at) => {
    const { wallMs, cpuMs } = taken[at] ?? { wallMs: Number.NaN, cpuMs: Number.NaN }
    return {
      machine: machine.name,
      executions,
      engine: name,
      transitionsPerSecond: Math.round((1000 * transitions) / wallMs),
      cpuMicrosecondsPerTransition: (1000 * cpuMs) / transitions,
      ratio: reference / wallMs,
    }
  })
}

/** Every engine must have counted to the end and kept all else as it was. */
export function checkOutputs(outputs: readonly unknown[], { name }: Contender, machine: LoopMachine) {
  const expected = {
    ...loopInput,
    text: machine.name === 'functions' ? `wave ${loopInput.wave}` : '',
    count: loopRounds,
  }
  for (const output of outputs) {
    deepStrictEqual(output, expected, `${name} gave ${JSON.stringify(output)} for '${machine.name}'`)
  }
}
