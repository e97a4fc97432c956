import { z } from 'zod'
import type { AdminApi } from '../../local/fleet/admin-api.ts'

const countsByName = z.record(z.string(), z.number())

const wave = z.looseObject({
  /** 0 is the validation wave. */
  wave: z.number(),
  target: z.looseObject({ percent: z.number().optional(), count: z.number().optional() }).optional(),
  state: z.string(),
  expectedDevices: z.number().optional(),
  enteredAt: z.string().optional(),
  endedAt: z.string().optional(),
  devices: countsByName,
})

const decision = z.looseObject({
  decision: z.enum(['promote', 'hold', 'abort']),
  rule: z.string(),
  message: z.string(),
  remedy: z.string(),
  wave: z.number().optional(),
  decidedAt: z.string(),
  facts: z.record(z.string(), z.unknown()).optional(),
})

/** A rotation as a list of the API has it. */
export const rotationSummary = z.looseObject({
  rotationId: z.string(),
  name: z.string(),
  oldPolicyId: z.string(),
  newPolicyId: z.string(),
  packageId: z.string(),
  status: z.string(),
  stateReason: z.string(),
  currentWave: z.number(),
  createdAt: z.string(),
  endedAt: z.string().optional(),
  executionId: z.string().optional(),
  harmedDevices: z.number(),
  devices: countsByName,
  waitingFor: z
    .looseObject({ kind: z.string(), sinceAt: z.string(), cause: z.string(), endsWhen: z.string() })
    .optional(),
})

/** A rotation as the API shows it alone. */
export const rotation = rotationSummary.extend({ waves: z.array(wave), latestDecision: decision.optional() })

export type Rotation = z.infer<typeof rotation>
export type Wave = z.infer<typeof wave>

/** Whether the wait that a rotation shows will ever end by itself. */
export function isOver({ status }: Pick<Rotation, 'status'>): boolean {
  return ['completed', 'rolled_back'].includes(status)
}

/** The rotation of that id, with the tag that an action on it must name. */
export function readRotation(api: AdminApi, rotationId: string) {
  return api.get(`/v1/rotations/${encodeURIComponent(rotationId)}`, rotation)
}

/** How a wave is called: by its number and what it aims at. */
export function waveName({ wave, target }: Pick<Wave, 'wave' | 'target'>): string {
  if (wave === 0) return 'validation'
  if (target?.percent !== undefined) return `wave ${wave} (${target.percent} %)`
  return target?.count === undefined ? `wave ${wave}` : `wave ${wave} (${target.count} devices)`
}
