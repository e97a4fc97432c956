import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Clock, ClockMode } from './clock.ts'
import { type Closers, createClosers } from './closers.ts'
import { claimDataDir, emptyDataDir } from './data-dir.ts'
import { createDemoTenant, demoTenant } from './demo-tenant.ts'
import type { StatementPlace } from './gateway/grants.ts'
import type { Credentials } from './gateway/principals.ts'
import { serve } from './http-api/serve.ts'
import { type OidcIssuer, openOidcIssuer } from './oidc.ts'
import { replaceFile } from './replace-file.ts'
import { startRuntimeClock } from './runtime-clock.ts'
import { openRuntimeLog } from './runtime-log.ts'
import { startServices } from './services.ts'
import type { Deployment } from './template/deployment.ts'
import { readDeployment } from './template/read-deployment.ts'
import { synthesize } from './template/synthesize.ts'
import { timed } from './timings.ts'

export interface RuntimeOptions {
  /** Where everything is kept; made where it is missing. */
  readonly dataDir: string
  /** The port of the HTTP API, on the loopback interface; 0 takes any free one. */
  readonly port?: number
  readonly clock?: ClockMode
  /** Drops what the directory keeps of earlier runs. */
  readonly isFresh?: boolean
  /** The folder of `infra/` and `functions/`. */
  readonly projectDir?: string
  /** An assembly that was synthesized before; by default the project's own is. */
  readonly assemblyDir?: string
}

/** A deployment that runs on this machine. */
export interface Runtime {
  readonly endpoint: string
  /** Where clients of AWS services reach the gateway; they sign with `credentials`. */
  readonly gatewayEndpoint: string
  /** The operator's own credentials, which may do anything. */
  readonly credentials: Credentials
  /** A token of the demo tenant's administrator. */
  readonly adminToken: string
  readonly tenantId: string
  readonly deployment: Deployment
  readonly clock: Clock
  readonly issueToken: OidcIssuer['issueToken']
  /** The permissions that nothing so far would have missed. */
  readonly unusedStatements: () => StatementPlace[]
  readonly close: () => Promise<void>
}

/**
 * Runs the deployment that the project's CDK app describes, on the given directory; resolves when it answers requests.
 *
 * A runtime that was killed at any moment goes on where it was when it is started again on the same directory. A
 * second one on the same directory is refused.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const closers = createClosers()
  try {
    return await timed('total', () => start(options, closers))
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

const tokenSeconds = 365 * 24 * 3600

async function start(options: RuntimeOptions, closers: Closers): Promise<Runtime> {
  const { port = 4400, clock: mode = { kind: 'real' }, isFresh = false } = options
  const dataDir = claimDataDir(resolve(options.dataDir))
  closers.add(dataDir.release)
  if (isFresh) emptyDataDir(dataDir)
  const at = (name: string) => join(dataDir.path, name)

  const log = openRuntimeLog(at('runtime.log'))
  closers.add(log.close)
  const clock = startRuntimeClock(mode, at('clock'))
  closers.add(() => clock.stop())
  return clock.track(run())

  async function run(): Promise<Runtime> {
    const oidc = await openOidcIssuer(dataDir.path, clock)
    const projectDir = options.projectDir ?? resolve(import.meta.dirname, '..')
    const deployment = await deploymentOf({ ...options, projectDir, dataDir: dataDir.path }, oidc)
    const sources = join(projectDir, 'functions')
    const surroundings = { deployment, sources, dataDir: dataDir.path, clock, log, oidc, closers }
    const { answer, gateway, gatewayEndpoint, authorizer } = await startServices(surroundings)

    const [table] = deployment.tables
    if (table)
      await timed('demo tenant', () => createDemoTenant(gateway, table.name, new Date(clock.now()).toISOString()))
    const { tenantId } = demoTenant
    const adminToken = await oidc.issueToken(
      { sub: 'admin', tenant_id: tenantId, roles: ['administrator'] },
      tokenSeconds,
    )
    const server = await serve(answer, port, (error) => log.problem('A request could not be answered', error))
    closers.add(() => clock.stop())
    closers.add(server.close)
    const { endpoint } = server
    const { runtimeCredentials: credentials } = gateway
    describe(at('runtime.json'), { endpoint, adminToken, gatewayEndpoint, credentials })
    closers.add(() => rmSync(at('runtime.json'), { force: true }))
    return {
      endpoint,
      gatewayEndpoint,
      credentials,
      adminToken,
      tenantId,
      deployment,
      clock,
      issueToken: oidc.issueToken,
      unusedStatements: authorizer.unusedStatements,
      close: closers.closeAll,
    }
  }
}

async function deploymentOf(
  { projectDir, dataDir, assemblyDir }: { projectDir: string; dataDir: string; assemblyDir?: string },
  { issuer, audience }: OidcIssuer,
): Promise<Deployment> {
  const directory = assemblyDir ?? (await timed('synthesize', () => synthesize({ projectDir, dataDir })))
  return timed('read template', () => readDeployment(directory, { OidcIssuer: issuer, OidcAudience: audience }))
}

/** Tells the owner's other processes how to reach the runtime. */
function describe(
  path: string,
  {
    endpoint,
    adminToken,
    gatewayEndpoint,
    credentials,
  }: Pick<Runtime, 'endpoint' | 'adminToken' | 'gatewayEndpoint' | 'credentials'>,
): void {
  const description = {
    endpoint,
    consoleUrl: endpoint,
    adminToken,
    stepFunctionsEndpoint: gatewayEndpoint,
    dynamodbEndpoint: gatewayEndpoint,
    credentials,
    tenantId: demoTenant.tenantId,
    pid: process.pid,
  }
  replaceFile(path, JSON.stringify(description, null, 2))
}
