import type { Access } from './access.ts'
import type { Call, GatewayResponse } from './messages.ts'

/** An AWS service behind the gateway, known by the prefix of its `x-amz-target`. */
export interface Service {
  readonly targetPrefix: string
  /** What the call would do, all of which its caller must be allowed; undefined for an unsupported operation. */
  accessOf(call: Call): readonly Access[] | undefined
  /** Performs the call. A refusal by the service is a response; a `ServiceError` may be thrown instead. */
  perform(call: Call): Promise<GatewayResponse>
}
