/** The states of a node: it takes its lease, loses it, drains, resumes and ends. */
import { CLOSE } from '@skein/protocol'
import { closePaced, closeSpread } from '../drain/drain.ts'
import type { DrainPurpose, NodeState, SkeinNode } from '../node-api.ts'
import type { NodeInfo } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import type { NodeContext } from './context.ts'

/**
 * After a lost lease the connections close over this time, so that their clients do not all reconnect at
 * once.
 */
const LOST_LEASE_WINDOW_MS = 2000
const JOIN_RETRY_INTERVAL_MS = 500

export class Lifecycle {
  readonly #context: NodeContext
  readonly #describe: () => NodeInfo
  #state: NodeState = 'starting'
  #hasLease = false
  /** Number of the last drain. A later drain and a resume end the earlier one. */
  #drains = 0

  constructor(context: NodeContext, describe: () => NodeInfo) {
    this.#context = context
    this.#describe = describe
  }

  get state(): NodeState {
    return this.#state
  }

  get serving(): boolean {
    return this.#state === 'serving'
  }

  get closed(): boolean {
    return this.#state === 'closed'
  }

  async ready(): ReturnType<SkeinNode['ready']> {
    if (this.#state === 'draining') return { ok: false, reason: 'draining for maintenance' }
    if (this.#state === 'ending' || this.#state === 'closed')
      return { ok: false, reason: 'the node is ending' }
    const health = await this.#context.cluster.health()
    // A node that cannot start yet reports the cause.
    return health.ok && this.#state === 'starting' ? { ok: false, reason: this.#state } : health
  }

  /** Takes the lease; retries until the cluster can be reached. */
  async join(): Promise<void> {
    const { cluster, clock, events } = this.#context
    while (!this.closed) {
      try {
        await cluster.membership.join(this.#describe, () => void this.lose())
        this.#hasLease = true
        if (this.#state === 'starting') this.#state = 'serving'
        return
      } catch (error) {
        events.emit('internalError', { where: 'join', error })
        await sleep(clock, JOIN_RETRY_INTERVAL_MS)
      }
    }
  }

  /**
   * The incarnation is over: other nodes may have reaped its entries. The next incarnation begins before the
   * connections of the last one close: after an outage of Redis all nodes are in this state, and clients must
   * find one that serves.
   */
  async lose(): Promise<void> {
    if (this.#state !== 'serving' && this.#state !== 'draining') return
    if (this.#state === 'serving') this.#state = 'starting'
    this.#hasLease = false
    const { cleanup, clock, connections } = this.#context
    cleanup.forget()
    const before = new Set(connections)
    await this.join()
    await closePaced(clock, before, CLOSE.forceReconnect, LOST_LEASE_WINDOW_MS)
  }

  async drain(windowMs: number, purpose: DrainPurpose): Promise<void> {
    if (this.#state !== 'closed' && this.#state !== 'ending')
      this.#state = purpose === 'end' ? 'ending' : 'draining'
    const drain = ++this.#drains
    await closeSpread(this.#context, CLOSE.shutdown, windowMs, () => this.#drains === drain)
  }

  resume(): boolean {
    if (this.#state !== 'draining') return false
    this.#drains++
    this.#state = this.#hasLease ? 'serving' : 'starting'
    return true
  }

  async close(): Promise<void> {
    if (this.closed) return
    await this.drain(0, 'end')
    this.#state = 'closed'
    const { cleanup, cluster, events } = this.#context
    await cleanup.settled()
    cleanup.forget()
    await cluster.membership.leave().catch((error: unknown) => {
      events.emit('internalError', { where: 'leave', error })
    })
    await cluster.close()
  }
}
