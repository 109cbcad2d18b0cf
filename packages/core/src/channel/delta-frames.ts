/**
 * The frames of one publication for subscriptions with deltas: one patch per encoding, for all who were given the same
 * publication last, which is everybody who was live then. Whoever was given another one, or none yet, gets it whole.
 */
import type { Encoding, Envelope, Push } from '@skein/protocol'
import type { Frame } from '../socket.ts'
import { encodePush } from './encode-push.ts'

type PublicationPush = Extract<Push, { kind: 'pub' }>

export class DeltaFrames {
  readonly #push: PublicationPush
  readonly #shared: boolean
  /** Of the first subscription that has one: patches are made of this one only. */
  #base: Envelope | undefined
  readonly #patches = new Map<Encoding, Frame | null>()
  readonly #whole = new Map<Encoding, Frame | null>()

  constructor(push: PublicationPush, shared: boolean) {
    this.#push = push
    this.#shared = shared
  }

  /** `base`: the publication that the subscriber was given last; `null`: none. Returns `null` for data without a form here. */
  onto(base: Envelope | null, encoding: Encoding): Frame | null {
    if (base !== null) this.#base ??= base
    // Compared as text: a subscriber that recovered has it from the stream, all others have it from the bus.
    const patched = base !== null && base === this.#base
    const frames = patched ? this.#patches : this.#whole
    const known = frames.get(encoding)
    if (known !== undefined) return known
    const made = encodePush(encoding, { ...this.#push, base: patched ? base : null }, this.#shared)
    frames.set(encoding, made)
    return made
  }
}
