/**
 * What load clients write down while a cluster is under test, one JSON object a line. All processes of a machine share one
 * monotonic clock, so their lines can be compared without any skew. Lines of one client stand in their order; those of
 * different clients may stand in any.
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
/** `epoch` and `offset`: where the publication stands, when the acknowledgement said so. */
export type Acknowledged = InChannel & {
  readonly kind: 'acknowledged'
  readonly id: string
  readonly epoch?: string
  readonly offset?: number
}
/** `code` of the error; 0: no answer came, so that the outcome is unknown. */
export type Refused = InChannel & { readonly kind: 'refused'; readonly id: string; readonly code: number }

/**
 * A subscription went live at (`epoch`, `offset`): what follows is delivered from `offset` + 1 on. `recovered` is absent
 * when the client asked for nothing.
 */
export type Subscribed = InChannel & {
  readonly kind: 'subscribed'
  readonly epoch: string
  readonly offset: number
  readonly recovered?: boolean
}
/** `sent`: when its publisher first tried, as `at`. */
export type Delivered = InChannel & {
  readonly kind: 'delivered'
  readonly offset: number
  readonly id: string
  readonly sent: number
}
/** The server said that continuity is in doubt: unsubscribe 2500, close 3010. Recovery decides. */
export type Doubted = InChannel & { readonly kind: 'doubted'; readonly code: number }

/** The connection is gone. `own`: the client's own doing, as part of the load. */
export type Left = OfClient & { readonly kind: 'left'; readonly own: boolean; readonly code: number }
/** After having left by its own doing, the client wants to be connected from here on. */
export type Returned = OfClient & { readonly kind: 'returned' }
/** What must not happen to a client: a close without return, an answer that makes no sense. */
export type Broken = OfClient & { readonly kind: 'broken'; readonly what: string }

/** A fault of the scenario. It `ends` when the part that was disturbed may work again. */
export type Fault = At & {
  readonly kind: 'fault'
  readonly name: string
  readonly phase: 'begins' | 'ends'
}
/** A channel's stream, read once everything has come to rest. */
export type Stream = At & {
  readonly kind: 'stream'
  readonly channel: string
  readonly epoch: string
  readonly offset: number
  readonly publications: readonly { readonly offset: number; readonly id: string }[]
}
/** At the very end: whether the client was subscribed to all its channels. */
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
