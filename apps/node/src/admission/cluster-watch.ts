/**
 * Checks once a second whether the node reaches its cluster, so that handshakes need not. A node without
 * Redis keeps its connections and refuses new ones. nginx tries another node after the 503.
 */
import type { SkeinNode } from '@skein/core'
import type { OutageLog } from '../log/outage.ts'
import { Hysteresis } from './hysteresis.ts'

const CHECK_INTERVAL_MS = 1000
/** While the cluster is out of reach: clients should not retry longer than necessary. */
const CHECK_INTERVAL_AWAY_MS = 250

export type Outages = Pick<OutageLog, 'begin' | 'end'>

export class ClusterWatch {
  readonly #node: Pick<SkeinNode, 'ready' | 'state'>
  readonly #outages: Outages
  /** One failed check may be a slow reply; one successful check is a reply. */
  readonly #away = new Hysteresis({ high: 1, low: 1, rise: 2, fall: 1 })
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(node: Pick<SkeinNode, 'ready' | 'state'>, outages: Outages) {
    this.#node = node
    this.#outages = outages
    this.#next()
  }

  get away(): boolean {
    return this.#away.on
  }

  /** A check for a probe. It updates `away`: a proxy may send handshakes as soon as the node is ready. */
  async ready(): ReturnType<SkeinNode['ready']> {
    const state = await this.#node.ready()
    if (state.ok) this.#observe(state)
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
    const { state } = this.#node
    // A node that drains reports that instead of its cluster.
    if (state === 'serving' || state === 'starting')
      this.#observe(
        await this.#node.ready().catch((error: unknown) => ({ ok: false as const, reason: String(error) })),
      )
    this.#next()
  }

  #observe(state: Awaited<ReturnType<SkeinNode['ready']>>): void {
    const away = this.#away.observe(state.ok ? 0 : 1)
    if (state.ok) this.#outages.end()
    else if (away) this.#outages.begin(state.reason)
  }
}
