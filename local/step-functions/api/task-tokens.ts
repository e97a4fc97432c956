import type { TaskAnswer } from '../core/input.ts'
import { StepFunctionsError, validationError } from '../errors.ts'
import { parseJson } from '../json.ts'
import type { Loop } from '../runner/loop.ts'
import { readToken } from '../runner/token.ts'
import type { Request } from './request.ts'

/** The operations with which the holder of a task token answers. */
export function taskTokenOperations({ loop }: { readonly loop: Loop }) {
  const answer = async (request: Request, taskAnswer: TaskAnswer) => {
    const { execution, frame, ticket } = findTask(loop, request)
    loop.feed(execution, { type: 'answered', frame, ticket, answer: taskAnswer })
    await loop.committed()
    return {}
  }

  return {
    async SendTaskSuccess(request: Request) {
      request.allowOnly('taskToken', 'output')
      const output = parseJson(limited(request.requiredText('output'), 'output', 262_144))
      if (output === undefined)
        throw new StepFunctionsError('InvalidOutput', `Invalid Output: 'The output is not valid JSON'`)
      return answer(request, { is: 'success', output })
    },

    async SendTaskFailure(request: Request) {
      request.allowOnly('taskToken', 'error', 'cause')
      const error = limited(request.text('error'), 'error', 256)
      const cause = limited(request.text('cause'), 'cause', 32_768)
      return answer(request, {
        is: 'failure',
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      })
    },

    async SendTaskHeartbeat(request: Request) {
      request.allowOnly('taskToken')
      const { execution, frame } = findTask(loop, request)
      loop.feed(execution, { type: 'heartbeat', frame })
      await loop.committed()
      return {}
    },
  }
}

/** The open task that the request's token was handed to. */
function findTask(loop: Loop, request: Request) {
  const content = readToken(limited(request.requiredText('taskToken'), 'taskToken', 2048))
  if (!content) throw new StepFunctionsError('InvalidToken', `Invalid Token: 'Invalid token'`)
  const { execution, frame: id, reference } = content
  const frame = loop.find(execution)?.execution.frames.get(id)
  const isWaiting = frame?.phase.is === 'running' && frame.phase.reference === reference
  if (isWaiting && frame.phase.resource.endsWith('.waitForTaskToken'))
    return { execution, frame: id, ticket: frame.ticket }
  throw new StepFunctionsError('TaskTimedOut', `Task Timed Out: 'Provided task does not exist anymore'`)
}

function limited<Text extends string | undefined>(text: Text, name: string, length: number): Text {
  if ((text?.length ?? 0) <= length) return text
  const constraint = `Member must have length less than or equal to ${length}`
  throw validationError(`Value at '${name}' failed to satisfy constraint: ${constraint}`)
}
