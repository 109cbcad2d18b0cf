/**
 * Events that load clients record while a cluster is under test, one JSON object a line. All processes of a
 * machine share one monotonic clock, which makes their lines comparable. Lines of one client keep their
 * order; those of different clients may be mixed.
 */

/** Ms since the machine started, with fractions. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

interface At {
  readonly at: number
}
interface OfClient extends At {
  readonly client: string
}
interface InChannel extends OfClient {
  readonly channel: string
}

/** `id`: of the publication, unique in the run, carried in its data. */
export type Attempted = InChannel & { readonly kind: 'attempted'; readonly id: string }
/** `epoch` and `offset`: the position of the publication, when the acknowledgement has it. */
export type Acknowledged = InChannel & {
  readonly kind: 'acknowledged'
  readonly id: string
  readonly epoch?: string
  readonly offset?: number
}
/** `code` of the error; 0: no reply, and the outcome is unknown. */
export type Refused = InChannel & { readonly kind: 'refused'; readonly id: string; readonly code: number }

/**
 * A subscription went live at (`epoch`, `offset`); delivery continues from `offset` + 1. `recovered` is
 * absent when the client did not ask for recovery.
 */
export type Subscribed = InChannel & {
  readonly kind: 'subscribed'
  readonly epoch: string
  readonly offset: number
  readonly recovered?: boolean
}
/** `sent`: the first attempt of its publisher, as `at`. */
export type Delivered = InChannel & {
  readonly kind: 'delivered'
  readonly offset: number
  readonly id: string
  readonly sent: number
}
/** The server reported a possible loss: unsubscribe 2500, close 3010. Recovery decides. */
export type Doubted = InChannel & { readonly kind: 'doubted'; readonly code: number }

/** The connection is closed. `own`: by the client itself, as part of the load. */
export type Left = OfClient & { readonly kind: 'left'; readonly own: boolean; readonly code: number }
/** The client, which disconnected by itself, tries to reconnect from here on. */
export type Returned = OfClient & { readonly kind: 'returned' }
/** Events that must not happen to a client: a close without reconnect, a malformed reply. */
export type Broken = OfClient & { readonly kind: 'broken'; readonly what: string }

/** A fault of the scenario. It `ends` when the disturbed part may work again. */
export type Fault = At & {
  readonly kind: 'fault'
  readonly name: string
  readonly phase: 'begins' | 'ends'
}
/** A channel's stream, read once the load is at rest. */
export type Stream = At & {
  readonly kind: 'stream'
  readonly channel: string
  readonly epoch: string
  readonly offset: number
  readonly publications: readonly { readonly offset: number; readonly id: string }[]
}
/** At the end: whether the client was subscribed to all its channels. */
export type Rested = OfClient & { readonly kind: 'rested'; readonly live: boolean }

export type TraceEvent =
  | Attempted
  | Acknowledged
  | Refused
  | Subscribed
  | Delivered
  | Doubted
  | Left
  | Returned
  | Broken
  | Fault
  | Stream
  | Rested
