import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** What differs between one stage and another; everything else is the same everywhere. */
export interface StageConfig {
  /** Keeps table and keys when their stack is deleted, and protects the table from deletion. */
  readonly keepsData: boolean
  readonly logRetention: RetentionDays
  readonly requestsPerSecond: number
  readonly requestBurst: number
}

const stages: Readonly<Record<string, StageConfig>> = {
  development: {
    keepsData: false,
    logRetention: RetentionDays.ONE_WEEK,
    requestsPerSecond: 500,
    requestBurst: 1000,
  },
  production: {
    keepsData: true,
    logRetention: RetentionDays.THREE_MONTHS,
    requestsPerSecond: 5000,
    requestBurst: 10_000,
  },
}

/** The configuration of the stage that the context value `stage` names; throws where it names none. */
export function stageConfig(scope: Construct): StageConfig {
  const stage = String(scope.node.tryGetContext('stage'))
  const config = Object.hasOwn(stages, stage) ? stages[stage] : undefined
  if (!config) throw new Error(`Stage '${stage}' is unknown; expected ${Object.keys(stages).join(' or ')}`)
  return config
}
