import type { Rotation } from '../domain/rotation.ts'
import type { App } from './app.ts'

/** Every rotation of a tenant, page by page. */
export async function* allRotations(tenantId: string, app: App): AsyncGenerator<Rotation> {
  let cursor: string | undefined
  do {
    const page = await app.rotations.list(tenantId, { limit: 100, cursor })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor)
}
