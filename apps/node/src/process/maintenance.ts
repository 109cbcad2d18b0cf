/** Takes a node out of service and back, without ending it: for work on its machine, or to look at it in peace. */
import { ReplyError, type SkeinNode } from '@skein/core'
import { ERROR } from '@skein/protocol'

/** What is going on with this node, and what will. */
export interface Service {
  readonly state: SkeinNode['state']
  /** Connections still there. */
  readonly clients: number
  /** Ms over which a drain closes them, and ms until it is done; while one is under way. */
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
   * Begins to drain and says what will happen. While it drains already, this changes nothing, unless another window (ms) is
   * given: then what is left is spread over that. Throws `ReplyError` 108 where the node ends anyway.
   */
  drain(window?: number): Service {
    const { state } = this.#node
    if (state === 'ending' || state === 'closed')
      throw new ReplyError(ERROR.notAvailable, 'this node is ending')
    const same = window === undefined || window === this.#drain?.window
    if (state !== 'draining' || !same) this.#begin(window ?? this.#defaultWindow)
    return this.service()
  }

  /** Takes connections again. Changes nothing where nothing drains; throws `ReplyError` 108 where the node ends. */
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
