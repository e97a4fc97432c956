import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Configuration } from '../../domain/configuration.ts'
import { indexPolicies, type Target } from '../../domain/effective-policy.ts'
import { allDevices, type CohortGroup } from '../../domain/group.ts'
import type { Assignment, Policy } from '../../domain/policy.ts'
import type { Rotation } from '../../domain/rotation.ts'
import { decommission, enterWave, next, prepare, rollBack } from '../../domain/rotation-steps.ts'
import { aConfiguration, aPolicy, aRotation, noon } from '../support/builders.ts'
import { anOnboardingPackage } from '../support/packages.ts'

/** What a history is made of: the steps of a rotation in any order that is possible, and edits of an operator. */
type Step =
  | { kind: 'prepare' | 'nextWave' | 'decommission' | 'rollBack' | 'rotateAgain' }
  | { kind: 'assign'; assignments: Assignment[] }

interface World {
  readonly configuration: Configuration
  readonly rotation: Rotation
  readonly generation: number
  /** The assignments that operators made last, whichever policy has them now. */
  readonly scope: readonly Assignment[]
}

const groupIds = ['pilots', 'sales', 'labs', allDevices]
const assignment: fc.Arbitrary<Assignment> = fc.record({
  groupId: fc.constantFrom(...groupIds),
  intent: fc.constantFrom('include', 'exclude'),
  managedBy: fc.constant('operator'),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('prepare', 'nextWave', 'nextWave', 'decommission', 'rollBack', 'rotateAgain'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('assign'), assignments: fc.array(assignment, { maxLength: 4 }) }),
  },
)

const fleet: Target[] = Array.from({ length: 60 }, (_, n) => ({
  deviceId: `device-${n}`,
  platform: n % 20 === 0 ? 'linux' : 'windows',
  groupIds: ['pilots', 'sales', 'labs'].filter((_group, bit) => (n >> bit) & 1),
}))

test('at every instant of any history each device in scope has exactly one package, and no other device has one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      let world = start()
      for (const each of steps) {
        world = take(world, each)
        expectOnePackageEach(world)
      }
    }),
    { numRuns: 300 },
  )
})

test('a device that a wave has moved stays moved until the rotation is rolled back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), (waves) => {
      let world = take(start(), { kind: 'prepare' })
      let moved = new Set<string>()
      for (let wave = 0; wave <= waves; wave++) {
        world = take(world, { kind: 'nextWave' })
        const now = movedDevices(world)
        expect([...moved].filter((deviceId) => !now.has(deviceId))).toEqual([])
        moved = now
      }
      expect(movedDevices(take(world, { kind: 'rollBack' })).size).toBe(0)
    }),
  )
})

function start(): World {
  return {
    configuration: aConfiguration(),
    rotation: aRotation({ status: 'scheduled', currentWave: -1 }),
    generation: 0,
    scope: aPolicy().assignments,
  }
}

/** The world one step on; as it was where the step is not possible, as a store would refuse it. */
function take(world: World, each: Step): World {
  const { configuration, rotation } = world
  const policy = (policyId: string) => configuration.policies.find((one) => one.policyId === policyId)
  const [oldPolicy, newPolicy] = [policy(rotation.oldPolicyId), policy(rotation.newPolicyId)]
  const cohort = configuration.groups.find((group) => group.kind === 'cohort')
  if (!oldPolicy) return world
  switch (each.kind) {
    case 'prepare': {
      if (rotation.status !== 'scheduled') return world
      const onboarding = anOnboardingPackage({ packageId: rotation.packageId, name: 'Next' })
      const made = prepare(rotation, oldPolicy, onboarding, noon)
      return changed(world, made.rotation, [made.oldPolicy, made.newPolicy], [made.cohort])
    }
    case 'nextWave': {
      const wave = rotation.currentWave + 1
      if (rotation.status !== 'running' || !cohort || wave > rotation.plan.waves.length) return world
      const entry = { rotation, cohort, wave, scopeDevices: 57, validationDevices: 5, executionArn: '', now: noon }
      const made = enterWave(entry)
      return changed(world, made.rotation, [], [made.cohort])
    }
    case 'decommission': {
      if (rotation.status !== 'running' || rotation.currentWave < rotation.plan.waves.length || !newPolicy) return world
      const made = decommission(rotation, oldPolicy, newPolicy, noon)
      return changed(world, made.rotation, [made.oldPolicy, made.newPolicy], [])
    }
    case 'rollBack': {
      if (rotation.status !== 'running') return world
      const made = rollBack(rotation, oldPolicy, newPolicy, noon)
      return changed(world, made.rotation, made.newPolicy ? [made.oldPolicy, made.newPolicy] : [made.oldPolicy], [])
    }
    case 'rotateAgain':
      return rotateAgain(world)
    case 'assign':
      return assign(world, each.assignments)
  }
}

function rotateAgain(world: World): World {
  const { rotation, generation } = world
  if (rotation.status !== 'completed' && rotation.status !== 'rolling_back') return world
  const oldPolicyId = rotation.status === 'completed' ? rotation.newPolicyId : rotation.oldPolicyId
  const packageId = rotation.status === 'completed' && rotation.packageId === 'next' ? 'current' : 'next'
  const names = {
    rotationId: `r${generation}`,
    newPolicyId: `new-${generation}`,
    cohortGroupId: `cohort-${generation}`,
  }
  const fresh = aRotation({ ...names, oldPolicyId, packageId, status: 'scheduled', currentWave: -1 })
  return { ...world, rotation: fresh, generation: generation + 1 }
}

/** An operator edits the assignments of the policy that is theirs to edit; a rotation's stay. */
function assign(world: World, assignments: readonly Assignment[]): World {
  const { configuration, rotation } = world
  const policyId = rotation.status === 'completed' ? rotation.newPolicyId : rotation.oldPolicyId
  const policy = configuration.policies.find((one) => one.policyId === policyId)
  if (policy?.status !== 'active') return world
  const own = policy.assignments.filter(({ managedBy }) => managedBy === 'rotation')
  const edited = changed(world, rotation, [next(policy, { assignments: [...assignments, ...own] })], undefined)
  return { ...edited, scope: assignments }
}

function changed(
  world: World,
  rotation: Rotation,
  policies: readonly Policy[],
  groups: CohortGroup[] | undefined,
): World {
  const byId = new Map([...world.configuration.policies, ...policies].map((one) => [one.policyId, one]))
  const { revision } = world.configuration
  const configuration = {
    ...world.configuration,
    revision: revision + 1,
    policies: [...byId.values()],
    groups: groups ?? world.configuration.groups,
  }
  return { ...world, rotation, configuration }
}

/** The oracle knows whom the operators' assignments reach. It knows no rotations and no policies. */
function expectOnePackageEach({ configuration, scope }: World) {
  const index = indexPolicies(configuration)
  const actual = fleet.map((target) => {
    const { package: effective, policies } = index.effectivePolicy(target)
    return [target.deviceId, effective.status, policies.length]
  })
  const expected = fleet.map((target) =>
    isInScope(scope, target) ? [target.deviceId, 'effective', 1] : [target.deviceId, 'none', 0],
  )
  expect(actual).toEqual(expected)
}

function isInScope(scope: readonly Assignment[], { platform, groupIds: own }: Target): boolean {
  const matching = scope.filter(({ groupId }) => groupId === allDevices || own.includes(groupId))
  return platform === 'windows' && matching.length > 0 && !matching.some(({ intent }) => intent === 'exclude')
}

function movedDevices({ configuration, rotation }: World): Set<string> {
  const index = indexPolicies(configuration)
  const moved = fleet.filter((target) => {
    const { package: effective } = index.effectivePolicy(target)
    return effective.status === 'effective' && effective.policyId === rotation.newPolicyId
  })
  return new Set(moved.map(({ deviceId }) => deviceId))
}
