import type { Deployment } from './deployment.ts'
import { localEnvironment } from './environment.ts'
import { readApis } from './read-api.ts'
import { readKey, readTable } from './read-data.ts'
import { readFunction, readPermission, readStreamMapping } from './read-functions.ts'
import { readRoles } from './read-roles.ts'
import { readSchedule, readStateMachine } from './read-workflows.ts'
import { type Resource, readResources, refusal } from './resource.ts'

/**
 * What the cloud assembly in `directory` deploys, with these values of its parameters.
 *
 * Whatever would behave otherwise here than on AWS (a resource type, a property, a value that is not known) is refused
 * by name; names and ARNs are the same at every start.
 */
export function readDeployment(directory: string, parameters: Readonly<Record<string, string>>): Deployment {
  const resources = readResources(directory, parameters)
  const stranger = resources.find(({ type }) => !runTypes.has(type) && !inertTypes.has(type))
  if (stranger) throw refusal(stranger, `the resource type '${stranger.type}' is not supported`)
  const of = (...types: string[]): Resource[] => resources.filter(({ type }) => types.includes(type))

  return {
    region: localEnvironment.region,
    accountId: localEnvironment.accountId,
    tables: of('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(readTable),
    keys: of('AWS::KMS::Key').map(readKey),
    roles: readRoles(of('AWS::IAM::Role'), of('AWS::IAM::Policy')),
    functions: of('AWS::Lambda::Function').map(readFunction),
    stateMachines: of('AWS::StepFunctions::StateMachine').map(readStateMachine),
    apis: readApis({
      apis: of('AWS::ApiGatewayV2::Api'),
      routes: of('AWS::ApiGatewayV2::Route'),
      integrations: of('AWS::ApiGatewayV2::Integration'),
      authorizers: of('AWS::ApiGatewayV2::Authorizer'),
      stages: of('AWS::ApiGatewayV2::Stage'),
    }),
    schedules: of('AWS::Scheduler::Schedule').map(readSchedule),
    streamMappings: of('AWS::Lambda::EventSourceMapping').map(readStreamMapping),
    permissions: of('AWS::Lambda::Permission').map(readPermission),
  }
}

const runTypes = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
])

/** Types that mean nothing on one machine: names of keys, where logs are kept, who watches. */
const inertTypes = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::KMS::Alias',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
])
