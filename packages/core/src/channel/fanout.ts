/**
 * Sends one push to many subscriptions: encoded once per encoding, with the frame shared by all. The loop
 * yields to the event loop after each slice, so that a channel of many thousands delays neither pings nor
 * other channels.
 */
import { because, CLOSE, type Encoding, type Push } from '@skein/protocol'
import { WRITES_PER_STEP, type Writes } from '../outbox/writes.ts'
import type { Clock } from '../ports.ts'
import type { Frame } from '../socket.ts'
import { DeltaFrames } from './delta-frames.ts'
import { encodePush } from './encode-push.ts'
import type { Subscriber } from './subscriber.ts'

/**
 * A slice ends at the first of two bounds. With a bound by number alone, a node on a busy machine lost its
 * lease during a broadcast to a million: a renewal takes several turns of the event loop
 * (docs/performance/trials.md).
 */
const MAX_SLICE_SUBSCRIPTIONS = 1000
const MAX_SLICE_MS = 2

/** The frames of one push, each encoded for the first subscription that needs it. */
export class PushFrames {
  readonly push: Push
  readonly #shared: boolean
  /** `null`: the data has no form in this encoding. */
  #json: Frame | null | undefined
  #protobuf: Frame | null | undefined
  #deltas: DeltaFrames | undefined

  /** `shared` false: for one connection alone. */
  constructor(push: Push, shared = true) {
    this.push = push
    this.#shared = shared
  }

  /** The frame for this subscription; `undefined`: the data has no form in its encoding. */
  for({ connection, base }: Subscriber): Frame | undefined {
    if (base === undefined || this.push.kind !== 'pub') return this.in(connection.encoding)
    this.#deltas ??= new DeltaFrames(this.push, this.#shared)
    return this.#deltas.onto(base, connection.encoding) ?? undefined
  }

  /** `undefined`: the data has no form in this encoding. */
  in(encoding: Encoding): Frame | undefined {
    if (encoding === 'json') {
      if (this.#json === undefined) this.#json = encodePush(encoding, this.push, this.#shared)
      return this.#json ?? undefined
    }
    if (this.#protobuf === undefined) this.#protobuf = encodePush(encoding, this.push, this.#shared)
    return this.#protobuf ?? undefined
  }
}

/** Sends the frame, or closes a connection whose encoding cannot carry it (3506). */
export function sendPush(subscription: Subscriber, frames: PushFrames): void {
  const { connection } = subscription
  const frame = frames.for(subscription)
  if (frame === undefined) {
    connection.close(because(CLOSE.inappropriateProtocol, 'binary data for a JSON connection'))
  } else {
    if (subscription.base !== undefined && frames.push.kind === 'pub')
      subscription.base = frames.push.envelope
    const { namespace, flusher, name } = subscription.channel
    const { delivery } = namespace
    if (delivery === 'all' || frames.push.kind !== 'pub') connection.outbox.push(frame, flusher)
    else connection.outbox.pushEphemeral(frame, delivery === 'latest' ? name : undefined, flusher)
  }
}

/**
 * Calls `each` for every item, slice by slice, with the writes of each step behind it. Holes (`undefined`)
 * are subscriptions that ended meanwhile. Returns true when it has finished; otherwise calls `done` later.
 */
export function inSlices<T>(
  all: readonly (T | undefined)[],
  each: (item: T) => void,
  clock: Clock,
  writes: Writes,
  done: () => void,
): boolean {
  const count = all.length
  let at = 0
  const slice = (): boolean => {
    const end = Math.min(count, at + MAX_SLICE_SUBSCRIPTIONS)
    let until: number | undefined
    while (at < end) {
      const from = at
      at = Math.min(from + WRITES_PER_STEP, end)
      writes.step(all, from, at, each)
      if (at % WRITES_PER_STEP !== 0) continue
      const now = clock.monotonic()
      until ??= now + MAX_SLICE_MS
      if (now >= until) break
    }
    return at >= count
  }
  const later = (): void => {
    if (slice()) done()
    else clock.setTimeout(later, 0)
  }
  if (slice()) return true
  clock.setTimeout(later, 0)
  return false
}
