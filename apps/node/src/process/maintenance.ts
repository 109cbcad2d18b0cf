/** Takes a running node out of service and back, for maintenance of its machine or for debugging. */
import { ReplyError, type SkeinNode } from '@skein/core'
import { ERROR } from '@skein/protocol'

/** State of the node, and of its drain. */
export interface Service {
  readonly state: SkeinNode['state']
  /** Connections of the node. */
  readonly clients: number
  /** Milliseconds of a running drain: in total, and left. */
  readonly window?: number
  readonly left?: number
}

export class Maintenance {
  readonly #node: SkeinNode
  readonly #defaultWindow: number
  readonly #onError: (error: unknown) => void
  #drain: { readonly window: number; readonly endsAt: number } | undefined

  constructor(node: SkeinNode, defaultWindow: number, onError: (error: unknown) => void) {
    this.#node = node
    this.#defaultWindow = defaultWindow
    this.#onError = onError
  }

  /**
   * Starts a drain and returns its state. A running drain continues; another window (ms) spreads the
   * remaining connections over that window. Throws `ReplyError` 108 if the node is stopping.
   */
  drain(window?: number): Service {
    const { state } = this.#node
    if (state === 'ending' || state === 'closed')
      throw new ReplyError(ERROR.notAvailable, 'this node is ending')
    const same = window === undefined || window === this.#drain?.window
    if (state !== 'draining' || !same) this.#begin(window ?? this.#defaultWindow)
    return this.service()
  }

  /**
   * Accepts connections again. No effect without a drain. Throws `ReplyError` 108 if the node is stopping.
   */
  undrain(): Service {
    if (!this.#node.resume() && ['ending', 'closed'].includes(this.#node.state)) {
      throw new ReplyError(ERROR.notAvailable, 'this node is ending')
    }
    this.#drain = undefined
    return this.service()
  }

  service(): Service {
    const { state } = this.#node
    const { clients } = this.#node.stats()
    const drain = this.#drain
    if (state !== 'draining' || drain === undefined) return { state, clients }
    const left = clients === 0 ? 0 : Math.max(0, Math.round(drain.endsAt - performance.now()))
    return { state, clients, window: drain.window, left }
  }

  #begin(window: number): void {
    this.#drain = { window, endsAt: performance.now() + window }
    this.#node.drain(window, 'maintenance').catch(this.#onError)
  }
}
