/**
 * The frames of one publication for subscriptions with deltas: one patch per encoding, for all subscriptions
 * whose last publication is the same, which is every one that was live then. All others receive the
 * publication whole.
 */
import type { Encoding, Envelope, Push } from '@skein/protocol'
import type { Frame } from '../socket.ts'
import { encodePush } from './encode-push.ts'

type PublicationPush = Extract<Push, { kind: 'pub' }>

export class DeltaFrames {
  readonly #push: PublicationPush
  readonly #shared: boolean
  /** The last publication of the first subscription. Patches exist for this base only. */
  #base: Envelope | undefined
  readonly #patches = new Map<Encoding, Frame | null>()
  readonly #whole = new Map<Encoding, Frame | null>()

  constructor(push: PublicationPush, shared: boolean) {
    this.#push = push
    this.#shared = shared
  }

  /**
   * `base`: the subscription's last publication; `null`: none. Returns `null` for data without a form in the
   * encoding.
   */
  onto(base: Envelope | null, encoding: Encoding): Frame | null {
    if (base !== null) this.#base ??= base
    // Compared as text: a subscription that recovered has it from the stream, all others from the bus.
    const patched = base !== null && base === this.#base
    const frames = patched ? this.#patches : this.#whole
    const known = frames.get(encoding)
    if (known !== undefined) return known
    const made = encodePush(encoding, { ...this.#push, base: patched ? base : null }, this.#shared)
    frames.set(encoding, made)
    return made
  }
}
