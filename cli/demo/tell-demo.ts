import type { Shell } from '../shell.ts'
import { UsageError } from '../usage-error.ts'
import { onStage } from './stage.ts'
import { stories, tellStory } from './story.ts'
import { type DemoSummary, type RotationSummary, summarise } from './summary.ts'

/** Moves a simulated fleet to a good package and to a bad one; where one ends as it should not, the exit code is 1. */
export async function tellDemo({ size, seed }: { size: number; seed: number }, shell: Shell): Promise<DemoSummary> {
  if (size < fewestDevices)
    throw new UsageError(`A fleet of '${size}' devices shows too little; expected ${fewestDevices} or more`)
  const startedMs = performance.now()
  return onStage({ size, seed, shell }, async (stage) => {
    const rotations: RotationSummary[] = []
    let policyId = stage.tenant.policyId
    for (const story of stories) {
      const rotation = await tellStory(story, policyId, stage)
      if (rotation.status !== story.expected) shell.exitCode = 1
      if (rotation.status === 'completed') policyId = rotation.newPolicyId
      rotations.push(summarise(story, rotation, stage.fleet.devices()))
    }
    const tookSeconds = Math.round((performance.now() - startedMs) / 1000)
    return { fleet: size, seed, checkIns: stage.fleet.checkIns(), tookSeconds, rotations }
  })
}

/** Among fewer, a tenth of broken devices may be too few to prove anything. */
const fewestDevices = 100
