import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import {
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { stageConfig } from '../config.ts'
import type { RampartFunction } from './rampart-function.ts'

export interface ApiProps {
  /** The OpenID Connect issuer of the operators' tokens, and the audience that the tokens must name. */
  readonly issuer: string
  readonly audience: string
  /** Tells whether a device's credential is good. */
  readonly deviceAuthorizer: RampartFunction
}

/** The HTTP API: routes for operators, who show a token, for devices, who show their credential, and for anyone. */
export class Api extends Construct {
  readonly endpoint: string
  private readonly http: HttpApi
  private readonly operators: IHttpRouteAuthorizer
  private readonly devices: IHttpRouteAuthorizer

  constructor(scope: Construct, id: string, { issuer, audience, deviceAuthorizer }: ApiProps) {
    super(scope, id)
    this.http = new HttpApi(this, 'Http', { apiName: 'Rampart', createDefaultStage: false })
    this.endpoint = this.http.apiEndpoint
    this.operators = new HttpJwtAuthorizer('Operators', issuer, { jwtAudience: [audience] })
    this.devices = new HttpLambdaAuthorizer('Devices', deviceAuthorizer.lambda, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.minutes(5),
    })
    defaultStage(this, this.http)
  }

  /** Routes such as `GET /v1/policies/{policyId}` that `handler` answers to whoever has an operator's token. */
  forOperators(handler: RampartFunction, ...routes: string[]) {
    this.add(handler, routes, this.operators)
  }

  /** Routes that `handler` answers to whoever has a device's credential. */
  forDevices(handler: RampartFunction, ...routes: string[]) {
    this.add(handler, routes, this.devices)
  }

  /** Routes that `handler` answers to anyone; `reason` says why that is right. */
  forAnyone(handler: RampartFunction, reason: string, ...routes: string[]) {
    for (const route of this.add(handler, routes)) {
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason })
    }
  }

  private add(handler: RampartFunction, routes: string[], authorizer?: IHttpRouteAuthorizer): HttpRoute[] {
    const integration = new HttpLambdaIntegration(handler.target.label, handler.lambda)
    return routes.flatMap((route) => this.http.addRoutes({ ...parseRoute(route), integration, authorizer }))
  }
}

function parseRoute(route: string) {
  const [verb, path] = route.split(' ')
  const method = Object.values(HttpMethod).find((each) => each === verb)
  if (!method || !path?.startsWith('/'))
    throw new Error(`Route '${route}' is not a method and a path: 'GET /v1/things'`)
  return { methods: [method], path }
}

function defaultStage(scope: Construct, httpApi: HttpApi) {
  const { logRetention, requestsPerSecond, requestBurst } = stageConfig(scope)
  const accessLog = new LogGroup(scope, 'AccessLog', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY })
  return new HttpStage(scope, 'Stage', {
    httpApi,
    autoDeploy: true,
    throttle: { rateLimit: requestsPerSecond, burstLimit: requestBurst },
    accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat() },
  })
}

/** A line per request that holds no header, since those carry credentials. */
function accessLogFormat() {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: '$context.requestId',
      requestTime: '$context.requestTime',
      route: '$context.routeKey',
      status: '$context.status',
      latencyMs: '$context.responseLatency',
      sourceIp: '$context.identity.sourceIp',
      error: '$context.error.message',
    }),
  )
}
