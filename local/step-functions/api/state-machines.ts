import { randomUUID } from 'node:crypto'
import { type Arns, checkArn, checkName } from '../arns.ts'
import type { Diagnostic, Machine } from '../definition/machine.ts'
import { readMachine } from '../definition/read-machine.ts'
import { StepFunctionsError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { MachineRow, MachineStore, Revision } from '../store/machine-store.ts'
import { cursorIn, pageSize, pageToken, type Request, requestOf, seconds } from './request.ts'

const defaults: JsonObject = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
}

export interface StateMachinesOptions {
  readonly machines: MachineStore
  readonly arns: Arns
  now(): number
  /** Throws where `roleArn` may not do what the states of `machine` need of it at creation. */
  checkRole(roleArn: string, machine: Machine): void
}

/** The operations on state machines. */
export function stateMachineOperations({ machines, arns, now, checkRole }: StateMachinesOptions) {
  return {
    CreateStateMachine(request: Request) {
      request.allowOnly('name', 'definition', 'roleArn', 'type', 'tags', ...Object.keys(defaults))
      const name = checkName(request.requiredText('name'))
      const definition = request.requiredText('definition')
      const roleArn = request.requiredText('roleArn')
      const type = checkType(request.text('type'))
      const arn = arns.machine(name)
      const tags = request.list('tags')
      const configuration = { ...defaults, ...configurationIn(request), ...(tags && { tags }) }
      const existing = machines.find(arn)
      if (existing) return repeatCreation(existing, definition, configuration)
      checkRole(roleArn, parseDefinition(definition))
      const createdAtMs = now()
      const revision = { revision: randomUUID(), definition, roleArn, updatedAtMs: createdAtMs }
      machines.save({ ...revision, arn, name, type, createdAtMs, isUpdated: false, configuration })
      return { stateMachineArn: arn, creationDate: seconds(createdAtMs) }
    },

    UpdateStateMachine(request: Request) {
      request.allowOnly('stateMachineArn', 'definition', 'roleArn', ...Object.keys(defaults))
      const machine = findMachine(machines, request)
      const configuration = { ...machine.configuration, ...configurationIn(request) }
      const { definition = machine.definition, roleArn = machine.roleArn } = {
        definition: request.text('definition'),
        roleArn: request.text('roleArn'),
      }
      const isChange = ['definition', 'roleArn', ...Object.keys(defaults)].some((name) => request.has(name))
      if (!isChange) throw new StepFunctionsError('MissingRequiredParameter', nothingToUpdate)
      checkRole(roleArn, parseDefinition(definition))
      const revision = { revision: randomUUID(), definition, roleArn, updatedAtMs: now() }
      machines.save({ ...machine, ...revision, isUpdated: true, configuration })
      return { updateDate: seconds(revision.updatedAtMs), revisionId: revision.revision }
    },

    DescribeStateMachine(request: Request) {
      request.allowOnly('stateMachineArn', 'includedData')
      const machine = findMachine(machines, request)
      const { arn, name, type, createdAtMs } = machine
      const creationDate = seconds(createdAtMs)
      return { stateMachineArn: arn, name, status: 'ACTIVE', type, creationDate, ...describeRevision(machine, machine) }
    },

    ListStateMachines(request: Request) {
      request.allowOnly('maxResults', 'nextToken')
      const limit = pageSize(request)
      const page = machines.list(String(cursorIn(request, 'machines') ?? ''), limit + 1)
      const last = page.length > limit ? page[limit - 1] : undefined
      const stateMachines = page.slice(0, limit).map(({ arn, name, type, createdAtMs }) => {
        return { stateMachineArn: arn, name, type, creationDate: seconds(createdAtMs) }
      })
      return { stateMachines, ...(last && { nextToken: pageToken('machines', last.arn) }) }
    },

    ListTagsForResource(request: Request) {
      request.allowOnly('resourceArn')
      const stateMachineArn = request.requiredText('resourceArn')
      return { tags: findMachine(machines, requestOf({ stateMachineArn })).configuration.tags ?? [] }
    },

    DeleteStateMachine(request: Request) {
      request.allowOnly('stateMachineArn')
      machines.remove(checkArn(request.requiredText('stateMachineArn'), 'stateMachine'))
      return {}
    },

    ValidateStateMachineDefinition(request: Request) {
      request.allowOnly('definition', 'type', 'severity', 'maxResults')
      const limit = pageSize(request, 100)
      const { diagnostics } = readMachine(request.requiredText('definition'))
      return {
        result: diagnostics.length === 0 ? 'OK' : 'FAIL',
        diagnostics: diagnostics.slice(0, limit).map((diagnostic) => ({ severity: 'ERROR', ...diagnostic })),
        truncated: diagnostics.length > limit,
      }
    },
  }
}

const nothingToUpdate =
  'Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the EncryptionConfiguration must be specified'

/** What DescribeStateMachine and DescribeStateMachineForExecution say of a revision of `machine`. */
export function describeRevision({ definition, roleArn, revision }: Revision, machine: MachineRow | undefined) {
  const { tags: _, ...configuration } = machine?.configuration ?? defaults
  return { definition, roleArn, ...configuration, ...(machine?.isUpdated && { revisionId: revision }) }
}

/** The machine whose ARN is the request's `stateMachineArn`. */
export function findMachine(machines: MachineStore, request: Request): MachineRow {
  const arn = checkArn(request.requiredText('stateMachineArn'), 'stateMachine')
  const machine = machines.find(arn)
  if (machine) return machine
  throw new StepFunctionsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
}

function checkType(type = 'STANDARD'): string {
  if (type === 'STANDARD') return type
  throw new StepFunctionsError(
    'StateMachineTypeNotSupported',
    `State Machine Type Not Supported: '${type}'; expected 'STANDARD'`,
  )
}

function configurationIn(request: Request): JsonObject {
  const names = Object.keys(defaults)
  return Object.fromEntries(names.flatMap((name) => (request.object(name) ? [[name, request.object(name) ?? {}]] : [])))
}

/** A repeated creation gives the machine that is there, provided that it is the same in all but role and tags. */
function repeatCreation(existing: MachineRow, definition: string, configuration: JsonObject) {
  const same = Object.keys(defaults).every(
    (name) => JSON.stringify(existing.configuration[name]) === JSON.stringify(configuration[name]),
  )
  const { arn, createdAtMs } = existing
  if (same && existing.definition === definition) return { stateMachineArn: arn, creationDate: seconds(createdAtMs) }
  throw new StepFunctionsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`)
}

function parseDefinition(definition: string): Machine {
  const { machine, diagnostics } = readMachine(definition)
  if (machine) return machine
  throw new StepFunctionsError(
    'InvalidDefinition',
    `Invalid State Machine Definition: '${diagnostics.map(sentence).join(', ')}'`,
  )
}

function sentence({ code, message, location }: Diagnostic): string {
  return `${code}: ${message} at ${location}`
}
