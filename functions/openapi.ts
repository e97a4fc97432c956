import { z } from 'zod'
import type { Route } from './route.ts'

/** The OpenAPI 3.1 document of some routes, made from the schemas that check their requests. */
export function openapiDocument(all: readonly Route[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const each of all) {
    const [method = '', path = ''] = each.key.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(each, path) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Rampart', version: '1', description: 'Endpoint-security policy for a fleet of devices' },
    paths,
    components: { securitySchemes },
  }
}

const securitySchemes = {
  operator: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  device: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Device <credential>' },
}

function operation({ definition }: Route, path: string) {
  const { summary, body, query, requires = [], status, answer } = definition
  return {
    summary,
    security: securityOf(path),
    parameters: [...pathParameters(path), ...queryParameters(query), ...requires.map(headerParameter)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: { [status]: success(answer), default: problem },
  }
}

function securityOf(path: string) {
  if (path === '/v1/device/check-ins') return [{ device: [] }]
  return path.startsWith('/v1/') && path !== '/v1/device/enrolments' ? [{ operator: [] }] : []
}

function success(answer: z.ZodType) {
  if (answer instanceof z.ZodUndefined) return { description: 'Done' }
  return { description: 'Done', content: { 'application/json': { schema: schemaOf(answer, 'output') } } }
}

const problem = {
  description: 'A problem, as RFC 9457 describes',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail', 'code', 'errors', 'traceId'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          code: { type: 'string' },
          errors: {
            type: 'array',
            items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
          },
          traceId: { type: 'string' },
        },
      },
    },
  },
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType | undefined) {
  const { properties = {}, required = [] } = query ? z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }) : {}
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function headerParameter(name: string) {
  return { name, in: 'header', required: true, schema: { type: 'string' } }
}
