import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Edges } from '../../functions/app.ts'
import type { FunctionResource } from '../template/deployment.ts'

/** A function ready to run: an event in, its answer out. */
export type Run = (event: unknown) => Promise<unknown>

/**
 * Loads `<sources>/<entry>.ts` and builds its app, with the `createApp` of `<sources>/app.ts`.
 *
 * The sources are the project's own and run unbundled.
 */
export async function loadFunction(
  sources: string,
  { entry, environment }: FunctionResource,
  edges: Edges,
): Promise<Run> {
  const path = join(sources, `${entry}.ts`)
  if (!existsSync(path)) throw new Error(`The template names the function '${entry}', but there is no '${path}'`)
  const [{ createApp }, { handler }] = await Promise.all([importFile(join(sources, 'app.ts')), importFile(path)])
  if (typeof handler?.run !== 'function') throw new Error(`'${path}' must export a handler with 'run(event, app)'`)
  const app: unknown = createApp(environment, edges)
  return async (event) => handler.run(event, app)
}

// What a module exports is known only when it has been loaded.
// biome-ignore lint/suspicious/noExplicitAny: checked by loadFunction
function importFile(path: string): Promise<any> {
  return import(pathToFileURL(path).href)
}
