import { z } from 'zod'
import { refuseAny, type Violation } from '../../domain/errors.ts'
import type { OnboardingPackage } from '../../domain/onboarding-package.ts'
import { parseOnboardingPackage } from '../../domain/parse-onboarding-package.ts'
import { previewed, shown } from '../answers.ts'
import { createOnce } from '../create-once.ts'
import { route } from '../route.ts'
import { routes } from '../routes.ts'
import { name, packageShape, pageOf, pageQuery } from '../shapes.ts'

const draft = z.strictObject({
  name,
  platform: z.literal('windows'),
  kind: z.enum(['onboard', 'offboard']),
  content: z.string(),
  fileName: z.string().max(260).optional(),
})

const create = route({
  key: 'POST /v1/packages',
  summary: 'Keeps an onboarding package. Its content is never shown again; only devices receive it.',
  body: draft,
  requires: ['Idempotency-Key'],
  status: 201,
  answer: packageShape,
  async run({ tenantId, body, newId, isValidateOnly }, app) {
    const parsed = parseOnboardingPackage(body.content, body.fileName, app.now())
    refuseAny(kindMismatch(body.kind, parsed.kind))
    const onboarding: OnboardingPackage = {
      tenantId,
      packageId: newId('package'),
      name: body.name,
      kind: parsed.kind,
      platform: body.platform,
      organisationId: parsed.organisationId,
      fingerprint: await app.vault.fingerprint(tenantId, body.content),
      expiresAt: parsed.expiresAt,
      createdAt: app.now(),
    }
    if (isValidateOnly) return previewed(onboarding)
    const sealed = await app.vault.seal(onboarding, body.content)
    const kept = await createOnce(
      () => app.packages.create(onboarding, sealed),
      () => app.packages.get(tenantId, onboarding.packageId),
    )
    app.log.info('package created', { tenantId, packageId: kept.packageId })
    return { status: 201, body: shown(kept), headers: { location: `/v1/packages/${kept.packageId}` } }
  },
})

const list = route({
  key: 'GET /v1/packages',
  summary: 'Lists packages.',
  query: pageQuery,
  status: 200,
  answer: pageOf(packageShape),
  async run({ tenantId, query }, app) {
    const page = await app.packages.list(tenantId, query)
    return { status: 200, body: { ...page, items: page.items.map(shown) } }
  },
})

const read = route({
  key: 'GET /v1/packages/{packageId}',
  summary: 'Shows a package, without its content.',
  status: 200,
  answer: packageShape,
  async run({ tenantId, param }, app) {
    return { status: 200, body: shown(await app.packages.get(tenantId, param('packageId'))) }
  },
})

/** Keeps packages. */
export const handler = routes(create, list, read)

function kindMismatch(said: string, found: string): Violation[] {
  if (said === found) return []
  return [{ pointer: '/kind', detail: `'${said}' was said, but the content is an ${found}ing package` }]
}
