import { RefusedError } from '../domain/errors.ts'

/**
 * What was created, whether now or by an earlier run of the same request that was cut off: ids follow from the
 * idempotency key, so what is there under the id is this request's own.
 */
export async function createOnce<Resource>(
  create: () => Promise<void>,
  read: () => Promise<Resource>,
): Promise<Resource> {
  try {
    await create()
    return await read()
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    return read().catch(() => {
      throw error
    })
  }
}
