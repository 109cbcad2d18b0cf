import { CLOSE, ERROR } from '@skein/protocol'
import { ReplyError } from '../errors.ts'
import type { SkeinNode, UserTarget } from '../node-api.ts'
import type { ControlMessage } from '../ports.ts'

export type DisconnectOptions = NonNullable<Parameters<SkeinNode['disconnect']>[1]>

/** RFC 6455, 5.5: a control frame carries 125 bytes, of which the code takes 2. */
const MAX_REASON_BYTES = 123

/** Throws `ReplyError` 107 for a code or reason that no close frame of a server may carry. */
export function disconnectOrder(target: UserTarget, options: DisconnectOptions): ControlMessage {
  const { code = CLOSE.forceDisconnect.code, reason = CLOSE.forceDisconnect.reason, whitelist } = options
  if (code < 3000 || code > 4999) throw new ReplyError(ERROR.badRequest, 'a close code is 3000 to 4999')
  if (reason === '')
    throw new ReplyError(ERROR.badRequest, 'a close needs a reason: SDKs reconnect without one')
  if (new TextEncoder().encode(reason).length > MAX_REASON_BYTES)
    throw new ReplyError(ERROR.badRequest, `a reason has ${MAX_REASON_BYTES} bytes at most`)
  return { op: 'disconnect', ...target, code, reason, ...(whitelist && { whitelist }) }
}
