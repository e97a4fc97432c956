import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { awsLocalStepFunctions, type Contender, rampartEngine } from '../../bench/engine/contenders.ts'
import { loopMachines } from '../../bench/engine/loop-machines.ts'
import { checkOutputs } from '../../bench/engine/speed.ts'

describe('the engines that are measured', () => {
  const engines: Contender[] = []
  beforeAll(async () => {
    engines.push(await rampartEngine('rampart', ':memory:'), awsLocalStepFunctions())
  })
  afterAll(async () => {
    for (const engine of engines) await engine.close()
  })

  test.each(loopMachines)('give the same result for $name', async (machine) => {
    for (const engine of engines) checkOutputs(await engine.run(machine, 2), engine, machine)

    expect(engines).toHaveLength(2)
  })

  test('are found out where one of them gives another result', () => {
    const [machine] = loopMachines
    const [engine] = engines
    if (!machine || !engine) throw new Error('There is nothing to measure')

    expect(() => checkOutputs([{ count: 1 }], engine, machine)).toThrow('rampart gave {"count":1} for \'passes\'')
  })
})
