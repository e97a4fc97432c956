import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn'

export interface Executions {
  /** The ARN that the execution of a rotation has, once it is started. */
  arnFor(rotationId: string): string
  /** Starts the execution of a rotation; one that was started before goes on. */
  start(rotation: { tenantId: string; rotationId: string }): Promise<void>
  /** Ends a wait with an answer. A wait that has ended already stays so. */
  answer(taskToken: string, output: unknown): Promise<void>
  /** Undefined where the execution was not started yet. */
  describe(executionArn: string): Promise<DescribeExecutionCommandOutput | undefined>
  history(
    executionArn: string,
    page: { limit: number; nextToken: string | undefined },
  ): Promise<{ events: HistoryEvent[]; nextToken?: string | undefined }>
}

/** Executions of the rotation machine whose ARN is given. */
export function executionService(client: SFNClient, stateMachineArn: string): Executions {
  return {
    arnFor: (rotationId) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${rotationId}`,

    async start({ tenantId, rotationId }) {
      const input = JSON.stringify({ tenantId, rotationId })
      const start = new StartExecutionCommand({ stateMachineArn, name: rotationId, input })
      await client.send(start).catch(unless(ExecutionAlreadyExists))
    },

    async answer(taskToken, output) {
      const success = new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })
      await client.send(success).catch(unless(TaskDoesNotExist, TaskTimedOut, InvalidToken))
    },

    async describe(executionArn) {
      const description = client.send(new DescribeExecutionCommand({ executionArn }))
      return (await description.catch(unless(ExecutionDoesNotExist))) ?? undefined
    },

    async history(executionArn, { limit, nextToken }) {
      const page = new GetExecutionHistoryCommand({ executionArn, maxResults: limit, nextToken })
      const { events = [], nextToken: following } = await client.send(page)
      return { events, nextToken: following }
    },
  }
}

/** Passes over errors of the given kinds; they say that what was wanted is so already. */
function unless(...kinds: (abstract new (...args: never[]) => Error)[]) {
  return (error: unknown) => {
    if (!kinds.some((kind) => error instanceof kind)) throw error
  }
}
