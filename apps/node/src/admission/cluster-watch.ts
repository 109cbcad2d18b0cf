/**
 * Checks once a second whether the node reaches its cluster, so that handshakes need not. A node without
 * Redis keeps its connections and refuses new ones. nginx tries another node after the 503.
 */
import type { SkeinNode } from '@skein/core'
import { Hysteresis } from './hysteresis.ts'

const CHECK_INTERVAL_MS = 1000
/** While the cluster is out of reach: clients should not retry longer than necessary. */
const CHECK_INTERVAL_AWAY_MS = 250

export class ClusterWatch {
  readonly #ask: SkeinNode['ready']
  /** One failed check may be a slow reply; one successful check is a reply. */
  readonly #away = new Hysteresis({ high: 1, low: 1, rise: 2, fall: 1 })
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(ask: SkeinNode['ready']) {
    this.#ask = ask
    this.#next()
  }

  get away(): boolean {
    return this.#away.on
  }

  /** A check for a probe. It updates `away`: a proxy may send handshakes as soon as the node is ready. */
  async ready(): ReturnType<SkeinNode['ready']> {
    const state = await this.#ask()
    if (state.ok) this.#away.observe(0)
    return state
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #next(): void {
    if (this.#stopped) return
    const ms = this.away ? CHECK_INTERVAL_AWAY_MS : CHECK_INTERVAL_MS
    this.#timer = setTimeout(() => void this.#check(), ms).unref()
  }

  async #check(): Promise<void> {
    // A failed check counts as no. The readiness probe reports the reason.
    const ok = await this.#ask().then(
      (state) => state.ok,
      () => false,
    )
    this.#away.observe(ok ? 0 : 1)
    this.#next()
  }
}
