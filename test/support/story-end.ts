import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { z } from 'zod'
import { deviceShape } from '../../functions/shapes.ts'
import { readContents } from './dynamodb.ts'
import type { PatientOperator } from './patient-operator.ts'
import { descriptionIn } from './runtime-process.ts'

const progress = z.object({ rotationId: z.string(), wave: z.number(), state: z.string(), isHarmed: z.boolean() })

export const listedDevice = deviceShape.extend({ progress: progress.optional() })
export type ListedDevice = z.output<typeof listedDevice>

const effective = z.object({ policyIds: z.array(z.string()), package: z.looseObject({ status: z.string() }) })
export const shownDevice = z.object({ deviceId: z.string(), effective })
export type ShownDevice = z.output<typeof shownDevice>

const execution = z.object({ executionId: z.string(), status: z.string() })
const event = z.object({
  id: z.number(),
  previousEventId: z.number(),
  type: z.string(),
  timestamp: z.string(),
  details: z.looseObject({ name: z.string().optional() }).optional(),
})
export type ExecutionEvent = z.output<typeof event>

/** Where a story has led, but for the times at which it did. */
export interface StoryEnd {
  /** What applies to every device. */
  readonly effective: readonly ShownDevice[]
  readonly histories: Readonly<Record<string, readonly ExecutionEvent[]>>
  /** Everything that is stored, by its key. */
  readonly stored: Readonly<Record<string, unknown>>
}

/** Reads where the story has led. */
export async function storyEnd(operator: PatientOperator, dataDir: string): Promise<StoryEnd> {
  const devices = await operator.all('/v1/devices', listedDevice)
  const executions = await operator.all('/v1/executions', execution)
  return {
    effective: await Promise.all(devices.map(({ deviceId }) => operator.get(`/v1/devices/${deviceId}`, shownDevice))),
    histories: Object.fromEntries(
      await Promise.all(executions.map(async ({ executionId: id }) => [id, await history(operator, id)] as const)),
    ),
    stored: withoutTimes(await contentsOf(dataDir)),
  }
}

async function history(operator: PatientOperator, executionId: string): Promise<ExecutionEvent[]> {
  return operator.all(`/v1/executions/${encodeURIComponent(executionId)}/history`, event)
}

async function contentsOf(dataDir: string): Promise<Record<string, unknown>> {
  const at = descriptionIn(dataDir)
  if (!at) throw new Error(`No runtime runs on '${dataDir}'`)
  const client = new DynamoDBClient({ endpoint: at.dynamodbEndpoint, credentials: at.credentials, region: 'us-east-1' })
  const { TableNames: [tableName = ''] = [] } = await client.send(new ListTablesCommand())
  const contents = await readContents(client, tableName)
  client.destroy()
  return contents
}

/** What no two runs have in common: times, secrets, and how often a device was heard of. */
const passingNames = /^(pk|sk|gsi\d.k|.+At|sequenceNumber|expiresAtSeconds|facts|fingerprint|credentialDigest)$/

/** What is kept for a while only, and gates that held: they are asked at every quarter of an hour. */
const passingKeys = /#idempotency |#enrolment |#content |^checkpoint#|#\d+-hold-/

function withoutTimes(contents: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(contents).filter(([key]) => !passingKeys.test(key))
  return Object.fromEntries(kept.map(([key, item]) => [key.replace(/#[-\d]+T[.:\d]+Z/, ''), lasting(key, item ?? {})]))
}

function lasting(key: string, item: object): Record<string, unknown> {
  const isDevice = key.endsWith(' device')
  const isCounter = key.includes('#counters ')
  const kept = Object.entries(item).filter(
    ([name, value]) => !passingNames.test(name) && !(isDevice && name === 'revision') && !(isCounter && value === 0),
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'progress' ? lasting(key, value) : value]))
}
