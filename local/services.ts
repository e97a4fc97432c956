import { join } from 'node:path'
import type { Clock } from './clock.ts'
import type { Closers } from './closers.ts'
import { createTables } from './dynamodb/create-tables.ts'
import { directClient } from './dynamodb/direct-client.ts'
import { scheduleSweeps } from './dynamodb/schedule-sweeps.ts'
import { startDynamodb } from './dynamodb/start-dynamodb.ts'
import { functionClients } from './functions/function-clients.ts'
import { localFunctions } from './functions/local-functions.ts'
import { type Authorizer, createAuthorizer } from './gateway/authorizer.ts'
import { createGateway } from './gateway/gateway.ts'
import { serveGateway } from './gateway/serve.ts'
import { httpApi } from './http-api/http-api.ts'
import { withWellKnown } from './http-api/well-known.ts'
import { openKms } from './kms/kms.ts'
import type { OidcIssuer } from './oidc.ts'
import type { RuntimeLog } from './runtime-log.ts'
import { startSchedules } from './schedules/schedules.ts'
import { startStreams } from './streams/start-streams.ts'
import type { Deployment, FunctionResource } from './template/deployment.ts'
import { timed } from './timings.ts'
import { openWorkflows } from './workflows.ts'

/** What a deployment runs in. */
export interface Surroundings {
  readonly deployment: Deployment
  /** The folder of the functions' source files. */
  readonly sources: string
  readonly dataDir: string
  readonly clock: Clock
  readonly log: RuntimeLog
  readonly oidc: OidcIssuer
  readonly closers: Closers
}

/** Starts all that stands behind the HTTP API; returns what answers requests, and the gateway to the services. */
export async function startServices(surroundings: Surroundings) {
  const { deployment, dataDir, clock, log, oidc, closers } = surroundings
  const authorizer = createAuthorizer(deployment)
  const { authorize } = authorizer
  const { gateway, gatewayEndpoint, functions, workflows } = await startCompute(surroundings, authorizer)
  const { invoke } = functions

  const onProblem = log.problem
  const positionsPath = join(dataDir, 'streams.json')
  closers.add(startStreams({ deployment, gateway, authorizer, positionsPath, clock, invoke, onProblem }))
  closers.add(startSchedules({ schedules: deployment.schedules, clock, invoke, authorize, log }))
  closers.add(functions.settled)
  await timed('load functions', functions.preload)
  workflows.resume()

  const [api, ...others] = deployment.apis
  if (!api || others.length > 0) throw new Error(`The app has ${deployment.apis.length} HTTP APIs; expected one`)
  const answer = httpApi({ api, permissions: deployment.permissions, clock, invoke, issuer: oidc })
  return { answer: withWellKnown(answer, oidc), gateway, gatewayEndpoint, authorizer }
}

/** Functions and state machines, which call each other by way of the gateway. */
async function startCompute(
  { deployment, sources, dataDir, clock, log, closers }: Surroundings,
  authorizer: Authorizer,
) {
  const dynamodb = await startTables({ deployment, dataDir, clock, closers })
  const kms = openKms({ keys: deployment.keys, dataDir })
  const stepFunctions = {
    call: (operation: string, input: unknown) => workflows.call(operation, input),
    stateMachineOfToken: (taskToken: string) => workflows.stateMachineOfToken(taskToken),
  }
  const gateway = createGateway({ deployment, authorizer, dynamodb, kms, stepFunctions })
  closers.add(gateway.close)

  const functions = localFunctions({
    functions: deployment.functions,
    sources,
    clock,
    log,
    clientsOf: (resource) => functionClients(gateway, resource),
    mayLog: (resource) => mayLog(authorizer, resource),
  })
  const { invoke } = functions
  const journalPath = join(dataDir, 'step-functions.sqlite')
  const workflows = await timed('state machines', () =>
    openWorkflows({ deployment, journalPath, clock, invoke, authorize: authorizer.authorize }),
  )
  closers.add(workflows.close)
  const served = await serveGateway(gateway, 0)
  closers.add(served.close)
  return { gateway, gatewayEndpoint: served.endpoint, functions, workflows }
}

async function startTables({
  deployment,
  dataDir,
  clock,
  closers,
}: Pick<Surroundings, 'deployment' | 'dataDir' | 'clock' | 'closers'>) {
  const dynamodb = await timed('database', () => startDynamodb({ dataDir }))
  closers.add(dynamodb.stop)
  const client = directClient(dynamodb.endpoint, deployment.region)
  closers.add(() => client.destroy())
  const streamArns = await timed('tables', () => createTables(client, deployment.tables))
  closers.add(scheduleSweeps(client, deployment.tables, clock))
  return { endpoint: dynamodb.endpoint, streamArns }
}

/** Lambda writes a function's log lines with the function's own role. */
function mayLog({ authorize }: Authorizer, { roleArn, name, logGroupArn }: FunctionResource): boolean {
  const resource = `${logGroupArn}:log-stream:local`
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].every(
    (action) => authorize({ roleArn, sessionName: name, action, resource }).isAllowed,
  )
}
