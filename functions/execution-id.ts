import { NotFoundError } from '../domain/errors.ts'

/** The name that an execution goes by in the API: `<machine>:<execution>`, the end of its ARN. */
export function executionIdOf(executionArn: string): string {
  return executionArn.split(':').slice(6).join(':')
}

/** The machine and the execution that an id names. Throws NotFoundError where it is none. */
export function parseExecutionId(executionId: string): { stateMachine: string; executionName: string } {
  const [stateMachine, executionName, ...more] = executionId.split(':')
  if (stateMachine && executionName && more.length === 0) return { stateMachine, executionName }
  throw new NotFoundError(`No execution is named '${executionId}'`)
}
