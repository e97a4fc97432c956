import { expect, test } from '@jest/globals'
import { readDeployment } from '../../../local/template/read-deployment.ts'
import { type ToyApp, toyApp, writeAssembly } from '../fixtures/toy-assembly.ts'

const parameters = { OidcIssuer: 'https://issuer.example' }
const deploymentOf = (app?: ToyApp) => readDeployment(writeAssembly(app), parameters)

/** The toy app with the properties of one of its resources changed. */
function toyAppWith(logicalId: string, properties: Record<string, unknown>): ToyApp {
  const toy = toyApp()
  const resource = toy.app[logicalId] ?? toy.data[logicalId]
  if (resource) Object.assign(resource.Properties, properties)
  return toy
}

test('reads a table with its indexes, stream and time-to-live attribute', () => {
  expect(deploymentOf().tables).toEqual([
    expect.objectContaining({
      name: 'Toy-Data-Table',
      arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Toy-Data-Table',
      keySchema: [
        { name: 'pk', keyType: 'HASH' },
        { name: 'sk', keyType: 'RANGE' },
      ],
      indexes: [expect.objectContaining({ name: 'gsi1', projectionType: 'KEYS_ONLY' })],
      streamViewType: 'NEW_AND_OLD_IMAGES',
      ttlAttribute: 'expiresAtSeconds',
    }),
  ])
})

test('resolves references from one stack to another', () => {
  const { functions, tables, streamMappings } = deploymentOf()

  expect(functions.map(({ environment }) => environment.TABLE_NAME)).toEqual(Array(5).fill('Toy-Data-Table'))
  expect(streamMappings[0]?.streamArn).toBe(tables[0]?.streamArn)
})

test('gives every role the statements of its own policies, references resolved', () => {
  const role = deploymentOf().roles.find(({ logicalId }) => logicalId === 'TickerRole')

  expect(role?.policies).toEqual([
    {
      name: 'Own',
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Toy-App-Tick',
          },
        ],
      },
    },
  ])
})

test('puts the functions into the definition of a state machine', () => {
  const [machine] = deploymentOf().stateMachines

  expect(machine?.definition).toContain('arn:aws:lambda:us-east-1:000000000000:function:Toy-App-Greet')
})

test('reads the routes with their functions and authorizers', () => {
  const routes = deploymentOf().apis.flatMap((api) => api.routes)

  expect(routes.map(({ routeKey, authorizer }) => `${routeKey}: ${authorizer?.kind}`)).toMatchInlineSnapshot(`
[
  "PUT /v1/notes/{noteId}: jwt",
  "GET /v1/notes/{noteId}: jwt",
  "GET /v1/device/{path+}: lambda",
  "GET /healthz: undefined",
]
`)
  expect(routes[0]?.authorizer).toEqual({ kind: 'jwt', issuer: 'https://issuer.example', audience: ['rampart'] })
})

test('gives a resource the same name at every reading', () => {
  expect(deploymentOf()).toEqual(deploymentOf())
})

test('attaches a separate policy to the roles that it names', () => {
  const toy = toyApp()
  const statement = { Effect: 'Allow', Action: 'states:SendTaskSuccess', Resource: { Ref: 'Greeter' } }
  toy.app.Completion = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'Completion',
      PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
      Roles: [{ Ref: 'TickRole' }],
    },
  }

  const role = deploymentOf(toy).roles.find(({ logicalId }) => logicalId === 'TickRole')
  expect(role?.policies.map(({ name }) => name)).toEqual(['Own', 'Completion'])
})

test.each([
  ['a property that is not known', 'Mapping', { FunctionResponseTypes: ['ReportBatchItemFailures'] }],
  ['a value that is not supported', 'Greeter', { StateMachineType: 'EXPRESS' }],
  ['a reference to nothing', 'Ticker', { ScheduleExpression: { Ref: 'Nothing' } }],
  ['an intrinsic function that is not known', 'Ticker', { ScheduleExpression: { 'Fn::Base64': 'x' } }],
  ['an attribute that is not known', 'Ticker', { ScheduleExpression: { 'Fn::GetAtt': ['Tick', 'Version'] } }],
  ['an import that no stack exports', 'Mapping', { EventSourceArn: { 'Fn::ImportValue': 'Elsewhere:Stream' } }],
  ['a name in a definition without substitution', 'Greeter', { DefinitionSubstitutions: {} }],
])('refuses %s by name', (_, logicalId, properties) => {
  let message = ''
  try {
    deploymentOf(toyAppWith(logicalId, properties))
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }

  expect(message).toMatch(
    /FunctionResponseTypes|StateMachineType|'Nothing'|'Fn::Base64'|'Version'|'Elsewhere:Stream'|'\$\{Greet\}'/,
  )
})

test('refuses a resource type that is not known by name', () => {
  const toy = toyApp()
  toy.app.Queue = { Type: 'AWS::SQS::Queue', Properties: {} }

  expect(() => deploymentOf(toy)).toThrow("'Queue' (AWS::SQS::Queue) of stack 'Toy-App' can't be run here")
})

test('refuses a function whose metadata does not name its source file', () => {
  const toy = toyApp()
  delete toy.app.Tick?.Metadata

  expect(() => deploymentOf(toy)).toThrow("its metadata must name its source file as 'entry'")
})

test('refuses a parameter that has neither a value nor a default', () => {
  expect(() => readDeployment(writeAssembly(), {})).toThrow("parameter 'OidcIssuer' has neither a value nor a default")
})
