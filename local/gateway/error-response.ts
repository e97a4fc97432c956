import { z } from 'zod'
import { type GatewayResponse, jsonResponse } from './messages.ts'

/** A refusal by any of the services: its name in the service's model, its wording, its status. */
const refusal = z.object({ code: z.string(), message: z.string(), statusCode: z.int() })

/** The response that `error` is. What is no refusal is a fault of ours, which clients may retry. */
export function errorResponse(error: unknown): GatewayResponse {
  const { success, data } = refusal.safeParse(error)
  if (!success) return respond(500, 'InternalServerError', `The gateway failed: ${String(error)}`)
  return respond(data.statusCode, data.code, data.message)
}

/** The services spell the member with a capital where they deny access, and only there. */
function respond(status: number, code: string, message: string): GatewayResponse {
  const spelling = code === 'AccessDeniedException' ? 'Message' : 'message'
  const { headers, body } = jsonResponse(status, { __type: code, [spelling]: message })
  return { status, headers: { ...headers, 'x-amzn-errortype': code }, body }
}
