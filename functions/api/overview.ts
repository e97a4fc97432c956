import { z } from 'zod'
import { allRotations } from '../all-rotations.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { counts } from '../shapes.ts'

const read = route({
  key: 'GET /v1/overview',
  summary: "Counts the tenant's devices and rotations.",
  status: 200,
  answer: z.object({ tenantId: z.string(), devices: counts, rotations: counts, configurationRevision: z.number() }),
  async run({ tenantId }, app) {
    const [counted, configurationRevision] = await Promise.all([
      app.counters.get(tenantId, { kind: 'tenant' }),
      app.configurations.revision(tenantId),
    ])
    const { enrolled = 0, onboarded = 0, notOnboarded = 0, pending = 0, unreachable = 0 } = counted
    const rotations: Record<string, number> = {}
    for await (const { status } of allRotations(tenantId, app)) {
      rotations[status] = (rotations[status] ?? 0) + 1
    }
    const devices = { enrolled, onboarded, notOnboarded, pending, unreachable }
    return { status: 200, body: { tenantId, devices, rotations, configurationRevision } }
  },
})

/** Shows where a tenant stands at a glance. */
export const handler = routes(read)
