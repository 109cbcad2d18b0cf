import { ERROR } from '@skein/protocol'
import type { Connection } from '../connection/connection.ts'
import { ReplyError } from '../errors.ts'

/** The clients that a namespace permits an operation. */
type Audience = 'server' | 'subscriber' | 'anyone'

/** Throws `ReplyError` 103 unless the connection belongs to `audience`. */
export function demand(audience: Audience, connection: Connection, channel: string): void {
  if (audience === 'anyone') return
  if (audience === 'subscriber' && connection.subscriptions.has(channel)) return
  throw new ReplyError(ERROR.permissionDenied)
}
