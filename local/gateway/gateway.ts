import type { Kms } from '../kms/kms.ts'
import type { Deployment } from '../template/deployment.ts'
import type { Authorizer } from './authorizer.ts'
import { dynamodbService } from './dynamodb-service.ts'
import { errorResponse } from './error-response.ts'
import { createForwarder } from './forward.ts'
import { kmsService } from './kms-service.ts'
import type { Call, GatewayRequest, GatewayResponse } from './messages.ts'
import { createPrincipals, type Principal, type Principals } from './principals.ts'
import type { Service } from './service.ts'
import { ServiceError, unknownOperation } from './service-error.ts'
import { type StepFunctions, stepFunctionsService } from './step-functions-service.ts'
import { streamsService } from './streams-service.ts'
import { createWriteNotices, type WriteNotices } from './write-notices.ts'

/** Stands in front of DynamoDB, KMS and Step Functions and holds each caller to what its role may do. */
export interface Gateway
  extends Pick<Principals, 'runtimeCredentials' | 'credentialsFor'>,
    Pick<WriteNotices, 'writesTo' | 'onWrite'> {
  readonly region: string
  /** Answers a call as the service would. Never throws: what fails is a response too. */
  handle(request: GatewayRequest): Promise<GatewayResponse>
  close(): void
}

export interface GatewayOptions {
  readonly deployment: Pick<Deployment, 'region' | 'accountId' | 'tables' | 'functions'>
  readonly authorizer: Authorizer
  readonly dynamodb: { readonly endpoint: string; readonly streamArns: ReadonlyMap<string, string> }
  readonly kms: Kms
  readonly stepFunctions: StepFunctions
}

/** The gateway of a deployment. */
export function createGateway({ deployment, authorizer, dynamodb, kms, stepFunctions }: GatewayOptions): Gateway {
  const principals = createPrincipals(deployment.functions)
  const forwarder = createForwarder(dynamodb.endpoint)
  const notices = createWriteNotices()
  const services = [
    dynamodbService(deployment, forwarder, notices),
    streamsService(dynamodb.streamArns, forwarder),
    kmsService(kms),
    stepFunctionsService(stepFunctions),
  ]
  const servicesByTarget = new Map(services.map((service) => [service.targetPrefix, service]))

  const answer = async ({ headers, body }: GatewayRequest): Promise<GatewayResponse> => {
    const principal = identify(principals, headers.authorization)
    const [targetPrefix = '', operation = ''] = headers['x-amz-target']?.split('.') ?? []
    const service = servicesByTarget.get(targetPrefix)
    if (!service) throw unknownOperation(`'${targetPrefix}'`, operation)
    const call = { operation, input: parse(body), body }
    if (principal.kind === 'function') authorize(authorizer, principal, service, call)
    return await service.perform(call)
  }

  return {
    region: deployment.region,
    runtimeCredentials: principals.runtimeCredentials,
    credentialsFor: principals.credentialsFor,
    writesTo: notices.writesTo,
    onWrite: notices.onWrite,
    handle: (request) => answer(request).catch(errorResponse),
    close: forwarder.close,
  }
}

function identify(principals: Principals, authorization: string | undefined): Principal {
  if (!authorization) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
  }
  const principal = principals.principalOf(authorization)
  if (principal) return principal
  throw new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.')
}

function parse(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString())
  } catch {
    throw new ServiceError('SerializationException', 'The request is not JSON')
  }
}

/** Throws what the service answers when any one thing that the call would do is not allowed. */
function authorize(authorizer: Authorizer, caller: Principal & { kind: 'function' }, service: Service, call: Call) {
  const accesses = service.accessOf(call)
  if (!accesses) throw unknownOperation(service.targetPrefix, call.operation)
  for (const access of accesses) {
    const { isAllowed, message } = authorizer.authorize({ ...caller, ...access })
    if (!isAllowed) throw new ServiceError('AccessDeniedException', message)
  }
}
