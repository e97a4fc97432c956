import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Edges } from '../../functions/app.ts'

/** A function's code, still without the app that it runs with. */
export interface LoadedFunction {
  /** The app of the function's environment and edges, which is made once, as in a Lambda function's own process. */
  createApp(environment: Readonly<Record<string, string>>, edges: Edges): unknown
  run(event: unknown, app: unknown): Promise<unknown>
}

/** Loads `<sources>/<entry>.ts`, with the `createApp` of `<sources>/app.ts`. The sources run as they are, unbundled. */
export async function loadFunction(sources: string, entry: string): Promise<LoadedFunction> {
  const path = join(sources, `${entry}.ts`)
  if (!existsSync(path)) throw new Error(`The template names the function '${entry}', but there is no '${path}'`)
  const [{ createApp }, { handler }] = await Promise.all([importFile(join(sources, 'app.ts')), importFile(path)])
  if (typeof handler?.run !== 'function') throw new Error(`'${path}' must export a handler with 'run(event, app)'`)
  return { createApp, run: async (event, app) => handler.run(event, app) }
}

// What a module exports is known only when it has been loaded.
// biome-ignore lint/suspicious/noExplicitAny: checked by loadFunction
function importFile(path: string): Promise<any> {
  return import(pathToFileURL(path).href)
}
