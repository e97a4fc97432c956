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
import { type Surroundings, startServices } from './services.ts'
import type { Deployment } from './template/deployment.ts'
import { readDeployment } from './template/read-deployment.ts'
import { type SynthesisOptions, synthesize } from './template/synthesize.ts'
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

const administrator = { sub: 'admin', tenant_id: demoTenant.tenantId, roles: ['administrator'] }
const tokenSeconds = 365 * 24 * 3600

function start(options: RuntimeOptions, closers: Closers): Promise<Runtime> {
  const dataDir = claimDataDir(resolve(options.dataDir))
  closers.add(dataDir.release)
  if (options.isFresh) emptyDataDir(dataDir)
  // Whoever wrote it was killed, for the directory was free.
  rmSync(descriptionPathIn(dataDir.path), { force: true })
  const log = openRuntimeLog(join(dataDir.path, 'runtime.log'))
  closers.add(log.close)
  const clock = startRuntimeClock(options.clock ?? { kind: 'real' }, join(dataDir.path, 'clock'))
  closers.add(() => clock.stop())
  return clock.track(run({ ...options, dataDir: dataDir.path }, { clock, log, closers }))
}

async function run(options: RuntimeOptions, base: Pick<Surroundings, 'clock' | 'log' | 'closers'>): Promise<Runtime> {
  const { dataDir, port = 4400, projectDir = resolve(import.meta.dirname, '..') } = options
  const { clock, log, closers } = base
  const oidc = await openOidcIssuer(dataDir, clock)
  const deployment = await deploymentOf({ ...options, projectDir }, oidc)
  const sources = join(projectDir, 'functions')
  const { answer, gateway, gatewayEndpoint, authorizer } = await startServices({
    ...base,
    deployment,
    sources,
    dataDir,
    oidc,
  })
  await timed('demo tenant', () => createDemoTenant(gateway, deployment, clock))

  // From here on the clock must stand still before anything else stops.
  closers.add(() => clock.stop())
  const server = await serve(answer, port, (error) => log.problem('A request could not be answered', error))
  closers.add(server.close)
  const runtime = {
    endpoint: server.endpoint,
    gatewayEndpoint,
    credentials: gateway.runtimeCredentials,
    adminToken: await oidc.issueToken(administrator, tokenSeconds),
    tenantId: demoTenant.tenantId,
    deployment,
    clock,
    issueToken: oidc.issueToken,
    unusedStatements: authorizer.unusedStatements,
    close: closers.closeAll,
  }
  const descriptionPath = descriptionPathIn(dataDir)
  replaceFile(descriptionPath, JSON.stringify(descriptionOf(runtime), null, 2))
  closers.add(() => rmSync(descriptionPath, { force: true }))
  return runtime
}

async function deploymentOf(
  { projectDir, dataDir, assemblyDir }: SynthesisOptions & Pick<RuntimeOptions, 'assemblyDir'>,
  { issuer, audience }: OidcIssuer,
): Promise<Deployment> {
  const directory = assemblyDir ?? (await timed('synthesize', () => synthesize({ projectDir, dataDir })))
  return timed('read template', () => readDeployment(directory, { OidcIssuer: issuer, OidcAudience: audience }))
}

const descriptionPathIn = (dataDir: string) => join(dataDir, 'runtime.json')

/** What the owner's other processes need to reach the runtime. */
function descriptionOf({ endpoint, gatewayEndpoint, adminToken, credentials, tenantId }: Runtime) {
  return {
    endpoint,
    consoleUrl: endpoint,
    adminToken,
    stepFunctionsEndpoint: gatewayEndpoint,
    dynamodbEndpoint: gatewayEndpoint,
    credentials,
    tenantId,
    pid: process.pid,
  }
}
