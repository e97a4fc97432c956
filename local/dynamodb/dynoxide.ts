import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * The path of the Dynoxide binary that the platform's optional dependency brings. Throws, naming the way out, where
 * this platform has none or it was not installed.
 */
export function findDynoxide(platform: string = process.platform, architecture: string = process.arch): string {
  const packageName = `@dynoxide/${platform}-${architecture}`
  try {
    const path = createRequire(import.meta.url).resolve(`${packageName}/dynoxide`)
    accessSync(path, constants.X_OK)
    return path
  } catch (cause) {
    const remedy = 'set RAMPART_DYNAMODB_ENDPOINT to the URL of a DynamoDB-compatible endpoint'
    throw new Error(`There is no Dynoxide binary: the package '${packageName}' is not installed; ${remedy}`, { cause })
  }
}
