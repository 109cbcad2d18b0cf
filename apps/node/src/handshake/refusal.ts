/** The reply to a handshake that is refused: HTTP, with the reason as JSON, and the end of the connection. */
import type { FastifyReply } from 'fastify'
import type { AdmissionReason } from '../admission/admission.ts'

/** The label of the refusal's counter. */
export type RefusalReason = 'body' | 'origin' | 'token' | 'route' | AdmissionReason

export interface Refusal {
  readonly status: number
  readonly reason: RefusalReason
  readonly error: { readonly code: number; readonly message: string }
  /** Seconds. */
  readonly retryAfter?: number
}

export function refuse(
  reply: FastifyReply,
  { status, reason, error, retryAfter }: Refusal,
  onRefused: (reason: RefusalReason) => void,
): void {
  onRefused(reason)
  reply.code(status).header('connection', 'close')
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  reply.send({ error })
}
