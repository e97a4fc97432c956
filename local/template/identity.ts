import { createHash } from 'node:crypto'
import { localArn, localEnvironment } from './environment.ts'

/** How other resources refer to a resource: what `Ref` and `Fn::GetAtt` give. */
export interface Identity {
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Where a resource stands, and the name its template gives it, if any. */
export interface Place {
  readonly stackName: string
  readonly logicalId: string
  readonly givenName: string | undefined
}

/**
 * The identity that a resource of `type` has locally; undefined where nothing may refer to that type.
 *
 * It depends on the stack, the logical id and a name given in the template alone, so it is the same after every
 * restart.
 */
export function identify(type: string, place: Place): Identity | undefined {
  return identities[type]?.(place)
}

/** The property in which a template may give a resource of `type` its name. */
export function nameProperty(type: string): string | undefined {
  return nameProperties[type]
}

const nameProperties: Record<string, string> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
}

const identities: Record<string, (place: Place) => Identity> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::KMS::Key': (place) => {
    const ref = uuidOf(place)
    return { ref, attributes: { Arn: localArn('kms', `key/${ref}`), KeyId: ref } }
  },
  'AWS::KMS::Alias': (place) => named(place),
  'AWS::IAM::Role': (place) => named(place, (name) => localArn('iam', `role/${name}`)),
  'AWS::IAM::Policy': (place) => named(place),
  'AWS::Logs::LogGroup': (place) => named(place, (name) => localArn('logs', `log-group:${name}:*`)),
  'AWS::Lambda::Function': (place) => named(place, (name) => localArn('lambda', `function:${name}`)),
  'AWS::Lambda::EventSourceMapping': (place) => ({ ref: uuidOf(place), attributes: { Id: uuidOf(place) } }),
  'AWS::StepFunctions::StateMachine': (place) => {
    const Name = nameOf(place)
    const Arn = localArn('states', `stateMachine:${Name}`)
    return { ref: Arn, attributes: { Arn, Name } }
  },
  'AWS::Scheduler::Schedule': (place) => named(place, (name) => localArn('scheduler', `schedule/default/${name}`)),
  'AWS::ApiGatewayV2::Api': (place) => {
    const ref = shortIdOf(place)
    const { region, urlSuffix } = localEnvironment
    return { ref, attributes: { ApiId: ref, ApiEndpoint: `https://${ref}.execute-api.${region}.${urlSuffix}` } }
  },
  'AWS::ApiGatewayV2::Authorizer': (place) => ({
    ref: shortIdOf(place),
    attributes: { AuthorizerId: shortIdOf(place) },
  }),
  'AWS::ApiGatewayV2::Integration': (place) => ({ ref: shortIdOf(place), attributes: {} }),
  'AWS::ApiGatewayV2::Route': (place) => ({ ref: shortIdOf(place), attributes: {} }),
  'AWS::ApiGatewayV2::Stage': () => ({ ref: '$default', attributes: {} }),
}

function table(place: Place): Identity {
  const ref = nameOf(place)
  const Arn = localArn('dynamodb', `table/${ref}`)
  return { ref, attributes: { Arn, StreamArn: `${Arn}/stream/2026-01-01T00:00:00.000` } }
}

function named(place: Place, toArn?: (name: string) => string): Identity {
  const ref = nameOf(place)
  return { ref, attributes: toArn ? { Arn: toArn(ref) } : {} }
}

/** As CloudFormation names an unnamed resource, but without its random part; names are at most 64 characters long. */
function nameOf({ givenName, stackName, logicalId }: Place): string {
  const name = givenName ?? `${stackName}-${logicalId}`
  return name.length <= 64 ? name : `${name.slice(0, 55)}-${digestOf(name).slice(0, 8)}`
}

function uuidOf({ stackName, logicalId }: Place): string {
  return digestOf(`${stackName}/${logicalId}`).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

function shortIdOf({ stackName, logicalId }: Place): string {
  return digestOf(`${stackName}/${logicalId}`).slice(0, 10)
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
