import { z } from 'zod'
import { platforms } from '../domain/policy.ts'

/** The query of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(2048).optional(),
})

/** The shape of every list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() })
}

export const name = z.string().trim().min(1).max(200)
export const platform = z.enum(platforms)
export const setting = z.strictObject({ settingDefinitionId: z.string().max(300), value: z.string().max(300) })
export const assignmentDraft = z.strictObject({
  groupId: z.string().min(1).max(200),
  intent: z.enum(['include', 'exclude']),
})

const instant = z.iso.datetime()

export const packageShape = z.object({
  packageId: z.string(),
  name: z.string(),
  kind: z.enum(['onboard', 'offboard']),
  platform: z.literal('windows'),
  organisationId: z.string(),
  fingerprint: z.string(),
  expiresAt: instant.optional(),
  createdAt: instant,
})

export const policyShape = z.object({
  policyId: z.string(),
  name: z.string(),
  description: z.string(),
  platform,
  profileId: z.string(),
  settings: z.array(setting),
  assignments: z.array(assignmentDraft.extend({ managedBy: z.enum(['operator', 'rotation']) })),
  origin: z.enum(['manual', 'preconfigured']),
  status: z.enum(['active', 'decommissioned', 'withdrawn']),
  replacedByRotationId: z.string().optional(),
  restorableUntilAt: instant.optional(),
  createdAt: instant,
  updatedAt: instant,
  revision: z.number(),
  warnings: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})

export const groupShape = z.object({
  groupId: z.string(),
  kind: z.enum(['static', 'cohort']),
  name: z.string().optional(),
  memberCount: z.number().optional(),
  revision: z.number(),
})

export const counts = z.record(z.string(), z.number())

export const deviceShape = z.object({
  deviceId: z.string(),
  name: z.string(),
  platform,
  osVersion: z.string(),
  enrolledAt: instant,
  lastCheckInAt: instant.optional(),
  lastRestartAt: instant.optional(),
  sensorState: z.string(),
  onboardingStatus: z.enum(['onboarded', 'notOnboarded', 'pending']),
  activePackageId: z.string().optional(),
  policyStatuses: z.record(z.string(), z.string()),
  progress: z.unknown().optional(),
  isUnreachable: z.boolean(),
})

export const decisionShape = z.object({
  decisionId: z.string(),
  wave: z.number(),
  decision: z.enum(['promote', 'hold', 'abort']),
  rule: z.string(),
  message: z.string(),
  remedy: z.string(),
  decidedAt: instant,
  facts: z.unknown(),
  ruleSetDigest: z.string(),
})

export const waveShape = z.object({
  wave: z.number(),
  target: z.unknown(),
  state: z.enum(['pending', 'active', 'promoted', 'aborted']),
  threshold: z.number().optional(),
  expectedDevices: z.number().optional(),
  enteredAt: instant.optional(),
  endedAt: instant.optional(),
  devices: counts,
})

export const rotationShape = z.object({
  rotationId: z.string(),
  name: z.string(),
  oldPolicyId: z.string(),
  newPolicyId: z.string(),
  packageId: z.string(),
  plan: z.unknown(),
  status: z.string(),
  stateReason: z.string(),
  currentWave: z.number(),
  approvedWaves: z.array(z.number()),
  executionArn: z.string(),
  executionId: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  endedAt: instant.optional(),
  revision: z.number(),
  harmedDevices: z.number(),
  devices: counts,
  waitingFor: z.unknown().optional(),
  waves: z.array(waveShape).optional(),
  latestDecision: decisionShape.optional(),
})
