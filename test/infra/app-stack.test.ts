import { expect, test } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { Match } from 'aws-cdk-lib/assertions'
import { z } from 'zod'
import { RampartFunction } from '../../infra/constructs/rampart-function.ts'
import { Workflow } from '../../infra/constructs/workflow.ts'
import { attribute, policy, resources, synthesized } from './synthesized.ts'

const { app } = synthesized()
const functions = resources(
  app,
  'AWS::Lambda::Function',
  z.object({ Properties: z.object({ Role: attribute }), Metadata: z.object({ entry: z.string() }) }),
)
const entryOf = (logicalId: string) => functions[logicalId]?.Metadata.entry

test('every function has code of its own', () => {
  const entries = Object.values(functions).map(({ Metadata }) => Metadata.entry)

  expect(new Set(entries).size).toBe(entries.length)
})

test('every function runs on Node 24 and tells source lines in its errors', () => {
  app.allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Environment: {
      Variables: Match.objectLike({ NODE_OPTIONS: '--enable-source-maps', TABLE_NAME: Match.anyValue() }),
    },
  })
})

const machine = z.object({
  Properties: z.object({
    DefinitionString: z.string(),
    DefinitionSubstitutions: z.record(z.string(), z.unknown()),
    RoleArn: attribute,
  }),
})
const machines = Object.values(resources(app, 'AWS::StepFunctions::StateMachine', machine))

test('every name in a state machine is given its function or machine, and no other is given', () => {
  for (const { Properties } of machines) {
    const named = [...Properties.DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '')
    expect(Object.keys(Properties.DefinitionSubstitutions).sort()).toEqual([...new Set(named)].sort())
  }
})

test('a state machine may call and start what its definition names, and nothing else', () => {
  const isCall = ({ Action }: { Action: string }) => ['lambda:InvokeFunction', 'states:StartExecution'].includes(Action)
  const policies = Object.values(resources(app, 'AWS::IAM::Policy', policy)).map(({ Properties }) => Properties)

  for (const { Properties } of machines) {
    const own = policies.filter(({ Roles }) => Roles[0]?.Ref === Properties.RoleArn['Fn::GetAtt'][0])
    const callable = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(isCall)
    expect(callable.map(({ Resource }) => Resource)).toEqual(Object.values(Properties.DefinitionSubstitutions))
  }
})

test('a state machine stands in the template as it stands in its file', () => {
  for (const { Properties } of machines) {
    expect(JSON.parse(Properties.DefinitionString)).toMatchObject({ QueryLanguage: 'JSONata' })
  }
})

test('a state machine that names an unknown task is refused by name', () => {
  const stack = new Stack(new App())

  expect(() => new Workflow(stack, 'Wave', { definition: 'rotation-wave', steps: [] })).toThrow(
    /^state-machines\/rotation-wave.asl.json names '\$\{\w+\}', which is none of/,
  )
})

test('a bundle that was not built is refused by name', () => {
  const stack = new Stack(new App({ context: { stage: 'development', bundles: 'dist/nowhere' } }))
  const props = { entry: 'tasks/enter-wave', timeoutSeconds: 1, memoryMb: 128, environment: {} }

  expect(() => new RampartFunction(stack, 'EnterWave', props)).toThrow(
    "Bundle 'dist/nowhere/tasks/enter-wave' does not exist; run 'npm run build', or set the context bundles=none",
  )
})

test('the tasks of a rotation are called by its machines alone', () => {
  const callers = Object.values(resources(app, 'AWS::IAM::Policy', policy)).flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.filter(({ Action }) => Action === 'lambda:InvokeFunction').map((statement) => ({
      role: Properties.Roles[0]?.Ref,
      entry: entryOf(attribute.parse(statement.Resource)['Fn::GetAtt'][0]),
    })),
  )

  for (const { role, entry } of callers) {
    expect(entry?.split('/')[0]).toBe(role?.startsWith('Workflows') ? 'tasks' : 'schedules')
  }
})

test('devices are counted from their changes, in order, and by shard', () => {
  app.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 1,
    TumblingWindowInSeconds: 60,
    BisectBatchOnFunctionError: true,
    FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":["device"]}}}}' }] },
  })
})

test('waves are judged every quarter of an hour and silent devices noticed every hour', () => {
  for (const expression of ['rate(15 minutes)', 'rate(1 hour)']) {
    app.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: expression })
  }
  app.resourceCountIs('AWS::Scheduler::Schedule', 2)
})
