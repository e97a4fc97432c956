import type { Loop } from '../runner/loop.ts'
import type { ExecutionStore } from '../store/execution-store.ts'
import type { FactLog } from '../store/fact-log.ts'
import { findExecution } from './executions.ts'
import { historyOf } from './history-event.ts'
import { cursorIn, pageSize, pageToken, type Request } from './request.ts'

/** The operation that gives the history of an execution. */
export function historyOperations(options: { executions: ExecutionStore; loop: Loop; log: FactLog; region: string }) {
  const { executions, loop, log, region } = options
  return {
    async GetExecutionHistory(request: Request) {
      request.allowOnly('executionArn', 'maxResults', 'nextToken', 'reverseOrder', 'includeExecutionData')
      const { number, arn } = findExecution(executions, request)
      const isReverse = request.claim('reverseOrder') ?? false
      const limit = pageSize(request)
      const list = `history ${arn} ${isReverse}`
      const start = Number(cursorIn(request, list) ?? 0)
      await loop.committed()
      const facts = log.read(number).filter(({ id }) => id > 0)
      const ordered = isReverse ? facts.toReversed() : facts
      const end = start + limit
      const includesData = request.claim('includeExecutionData') ?? true
      const events = ordered.slice(start, end).map((fact) => historyOf(fact, region, includesData))
      return { events, ...(end < ordered.length && { nextToken: pageToken(list, end) }) }
    },
  }
}
