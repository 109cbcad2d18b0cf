/**
 * Sends one push to many subscriptions: encoded once per encoding, the frame shared by all. The loop yields to the event
 * loop after each slice, so that a channel of many thousands delays neither pings nor other channels.
 */
import { because, CLOSE, type Encoding, type Push } from '@skein/protocol'
import { STEP, type Writes } from '../outbox/writes.ts'
import type { Clock } from '../ports.ts'
import type { Frame } from '../socket.ts'
import { DeltaFrames } from './delta-frames.ts'
import { encodePush } from './encode-push.ts'
import type { Subscriber } from './subscriber.ts'

/**
 * A slice ends after so many subscriptions, or after so many ms, whichever is first. How
 * long a thousand take depends on what else the machine does, and a lease takes several turns of the event loop to renew: with a bound by
 * number alone, one node of 56 on two cores lost its connections under a broadcast to a million (docs/performance.md).
 */
const SLICE = 1000
const SLICE_MS = 2

/** The frames of one push, made at the first subscriber that needs each. */
export class PushFrames {
  readonly push: Push
  readonly #shared: boolean
  /** `null`: tried, and there is none. */
  #json: Frame | null | undefined
  #protobuf: Frame | null | undefined
  /** Made for the first subscription that has deltas. */
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
 * Calls `each` for `all[0..count)`, slice by slice, and these in steps that `writes` go between. Holes (`undefined`) are subscriptions
 * that left meanwhile. Returns true when done at once; otherwise calls `done` later.
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
    const end = Math.min(count, at + SLICE)
    let until: number | undefined
    while (at < end) {
      const from = at
      at = Math.min(from + STEP, end)
      writes.step(all, from, at, each)
      if (at % STEP !== 0) continue
      const now = clock.monotonic()
      until ??= now + SLICE_MS
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
