import type { HistoryEvent } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import type { Rotation } from '../../domain/rotation.ts'
import type { App } from '../app.ts'
import { executionIdOf, parseExecutionId } from '../execution-id.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { pageOf, pageQuery } from '../shapes.ts'

const executionShape = z.object({
  executionId: z.string(),
  executionArn: z.string(),
  stateMachine: z.string(),
  rotationId: z.string(),
  wave: z.number().optional(),
  status: z.string(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
})

const list = route({
  key: 'GET /v1/executions',
  summary: "Lists the executions of rotations: each rotation's own, and one for each wave.",
  query: pageQuery,
  status: 200,
  answer: pageOf(executionShape),
  async run({ tenantId, query }, app) {
    const page = await app.rotations.list(tenantId, { ...query, limit: Math.min(query.limit, 10) })
    const items = (await Promise.all(page.items.map((rotation) => executionsOf(rotation, app)))).flat()
    return { status: 200, body: { ...page, items } }
  },
})

const read = route({
  key: 'GET /v1/executions/{executionId}',
  summary: 'Shows an execution with its input and output.',
  status: 200,
  answer: executionShape.extend({
    input: z.unknown(),
    output: z.unknown(),
    error: z.string().optional(),
    cause: z.string().optional(),
  }),
  async run({ tenantId, param }, app) {
    return { status: 200, body: await findExecution(tenantId, param('executionId'), app) }
  },
})

const history = route({
  key: 'GET /v1/executions/{executionId}/history',
  summary: 'Lists what happened in an execution. Task tokens are left out: who holds one can end a wait.',
  query: pageQuery,
  status: 200,
  answer: pageOf(
    z.object({
      id: z.number(),
      previousEventId: z.number(),
      type: z.string(),
      timestamp: z.string(),
      details: z.unknown(),
    }),
  ),
  async run({ tenantId, param, query }, app) {
    const { executionArn } = await findExecution(tenantId, param('executionId'), app)
    const { events, nextToken } = await app.executions.history(executionArn, {
      limit: query.limit,
      nextToken: query.cursor,
    })
    return { status: 200, body: { items: events.map(eventShown), nextCursor: nextToken } }
  },
})

/** Shows executions. */
export const handler = routes(list, read, history)

interface ExecutionReference {
  readonly executionArn: string
  readonly rotationId: string
  readonly wave?: number
}

/** Those that were started: a rotation is kept before its execution is. */
async function executionsOf(rotation: Rotation, app: App) {
  const references = await referencesOf(rotation, app)
  const executions = await Promise.all(references.map((each) => described(each, app)))
  return executions.flatMap((execution) => {
    if (!execution) return []
    const { input, output, error, cause, ...listed } = execution
    return [listed]
  })
}

async function referencesOf({ tenantId, rotationId, executionArn }: Rotation, app: App): Promise<ExecutionReference[]> {
  const waves = await app.rotations.waves(tenantId, rotationId)
  return [
    { executionArn, rotationId },
    ...waves.map((each) => ({ executionArn: each.executionArn, rotationId, wave: each.wave })),
  ]
}

/** Only executions of the caller's own rotations are found. */
async function findExecution(tenantId: string, executionId: string, app: App) {
  const { executionName } = parseExecutionId(executionId)
  const rotationId = executionName.replace(/-wave-\d+$/, '')
  const rotation = await app.rotations.get(tenantId, rotationId).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error
  })
  const references = rotation ? await referencesOf(rotation, app) : []
  const wanted = references.find(({ executionArn }) => executionIdOf(executionArn) === executionId)
  const execution = wanted && (await described(wanted, app))
  if (execution) return execution
  throw new NotFoundError(`No execution is named '${executionId}'`)
}

async function described(reference: ExecutionReference, app: App) {
  const description = await app.executions.describe(reference.executionArn)
  if (!description) return undefined
  const { status = 'RUNNING', startDate, stopDate, input, output, error, cause } = description
  const executionId = executionIdOf(reference.executionArn)
  return {
    ...reference,
    executionId,
    stateMachine: parseExecutionId(executionId).stateMachine,
    status,
    startedAt: startDate?.toISOString(),
    endedAt: stopDate?.toISOString(),
    input: parsed(input),
    output: parsed(output),
    error,
    cause,
  }
}

function eventShown({ id, previousEventId, type, timestamp, ...more }: HistoryEvent) {
  const details = Object.entries(more).find(([key, value]) => key.endsWith('EventDetails') && value !== undefined)?.[1]
  return { id, previousEventId, type, timestamp: timestamp?.toISOString(), details: withoutTokens(details) }
}

/** The details with every JSON text opened, and task tokens removed wherever they stand. */
function withoutTokens(details: unknown): unknown {
  if (details === undefined) return undefined
  return JSON.parse(JSON.stringify(details), (key, value: unknown) => {
    if (/tasktoken/i.test(key)) return undefined
    return typeof value === 'string' && /^[{[]/.test(value) ? withoutTokens(parsed(value)) : value
  })
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
