import { z } from 'zod'
import { handler as checkIns } from '../device/check-ins.ts'
import { handler as enrolments } from '../device/enrolments.ts'
import { openapiDocument } from '../openapi.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { handler as devices } from './devices.ts'
import { handler as enrolmentTokens } from './enrolment-tokens.ts'
import { handler as executions } from './executions.ts'
import { handler as groups } from './groups.ts'
import { handler as overview } from './overview.ts'
import { handler as packages } from './packages.ts'
import { handler as policies } from './policies.ts'
import { handler as rotations } from './rotations.ts'

const health = route({
  key: 'GET /healthz',
  summary: 'Says that the API is up.',
  status: 200,
  answer: z.object({ status: z.literal('ok') }),
  run: async () => ({ status: 200, body: { status: 'ok' } }),
})

const document = route({
  key: 'GET /openapi.json',
  summary: 'The OpenAPI document of this API.',
  status: 200,
  answer: z.looseObject({ openapi: z.string() }),
  run: async () => ({ status: 200, body: openapiDocument([...described.flatMap((each) => each.routes), health]) }),
})

const described = [
  packages,
  policies,
  groups,
  devices,
  enrolmentTokens,
  rotations,
  executions,
  overview,
  enrolments,
  checkIns,
]
/** Says what the API is, and that it is there. */
export const handler = routes(health, document)
