import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Invoke } from '../functions/invocation.ts'
import type { Authorizer } from '../gateway/authorizer.ts'
import type { RuntimeLog } from '../runtime-log.ts'
import type { ScheduleResource } from '../template/deployment.ts'
import { localEnvironment } from '../template/environment.ts'
import { nextTime } from './next-time.ts'

/** What schedules need of their surroundings. */
export interface SchedulesOptions {
  readonly schedules: readonly ScheduleResource[]
  readonly clock: Clock
  readonly invoke: Invoke
  readonly authorize: Authorizer['authorize']
  readonly log: RuntimeLog
}

/**
 * Invokes each schedule's function whenever it is due; returns a function that ends all of them.
 *
 * A run that fails is logged and left to the next one. A run that takes longer than its interval delays the next one.
 */
export function startSchedules({ schedules, clock, invoke, authorize, log }: SchedulesOptions): () => void {
  const cancels = new Map<string, () => void>()

  function arm(schedule: ScheduleResource) {
    const dueMs = nextTime(schedule.expression, schedule.timeZone, clock.now())
    if (dueMs === undefined) return
    const wake = () => void clock.track(run(schedule, dueMs)).finally(() => cancels.has(schedule.arn) && arm(schedule))
    cancels.set(schedule.arn, clock.at(dueMs, wake))
  }

  async function run(schedule: ScheduleResource, dueMs: number) {
    const { roleArn, functionArn: resource } = schedule
    const { isAllowed, message } = authorize({ roleArn, action: 'lambda:InvokeFunction', resource })
    if (!isAllowed) return log.problem(`Schedule '${schedule.name}' may not invoke its function`, message)
    await invoke(resource, eventOf(schedule, dueMs)).catch((error: unknown) => {
      log.problem(`Schedule '${schedule.name}' could not invoke its function`, error)
    })
  }

  schedules.forEach(arm)
  return () => {
    for (const cancel of cancels.values()) cancel()
    cancels.clear()
  }
}

/** The template's input with its context attributes filled in, or else what EventBridge Scheduler sends by itself. */
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
function eventOf({ arn, input }: ScheduleResource, dueMs: number): unknown {
  const scheduledTime = new Date(dueMs).toISOString().replace('.000', '')
  const executionId = randomUUID()
  if (input !== undefined) {
    const values: Record<string, string> = {
      'schedule-arn': arn,
      'scheduled-time': scheduledTime,
      'execution-id': executionId,
      'attempt-number': '1',
    }
    return JSON.parse(input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole))
  }
  return {
    version: '0',
    id: executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: localEnvironment.accountId,
    time: scheduledTime,
    region: localEnvironment.region,
    resources: [arn],
    detail: '{}',
  }
}
