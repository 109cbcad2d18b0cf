/**
 * Admits or denies each handshake, cheapest check first. A denial is a 503 with Retry-After: a proxy tries
 * another node, and a client retries later.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type ClientView, type SkeinNode, TokenBucket } from '@skein/core'
import type { Config } from '../config/config.ts'
import { Hysteresis } from './hysteresis.ts'
import type { Overload } from './overload.ts'

/** The label of the refusal's counter. */
export type AdmissionReason = 'draining' | 'unready' | 'overload' | 'full' | 'half-open' | 'rate'

export interface Denial {
  readonly reason: AdmissionReason
  readonly message: string
  /** Whole seconds, random within a range, so that clients do not retry at the same time. */
  readonly retryAfter: number
}

export type AdmissionLimits = Pick<
  Config,
  'maxConnections' | 'handshakeRate' | 'handshakeBurst' | 'handshakeWait' | 'maxHalfOpen'
>

export interface AdmissionParts {
  readonly node: SkeinNode
  readonly overload: Overload
  /** True if several checks in a row have not reached the cluster. */
  readonly clusterAway: () => boolean
  /** Maximum number of connections of the process. */
  readonly bound: number
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

/** A full node is ready again below this share of its connections. */
const READY_SHARE = 0.95
/** Range of the random part of Retry-After, seconds. */
const RETRY_SPREAD_S = 5

export class Admission {
  /** Maximum number of connections of this node. */
  readonly maxConnections: number
  readonly #limits: AdmissionLimits
  readonly #parts: AdmissionParts
  readonly #bucket: TokenBucket
  readonly #full: Hysteresis
  /** Open connections without a reply to `connect`. */
  readonly #halfOpen = new Set<ClientView>()
  #waiting = 0

  constructor(limits: AdmissionLimits, parts: AdmissionParts) {
    const wanted = limits.maxConnections > 0 ? limits.maxConnections : Number.POSITIVE_INFINITY
    this.maxConnections = Math.min(wanted, parts.bound)
    this.#limits = limits
    this.#parts = parts
    this.#bucket = new TokenBucket(
      { rate: limits.handshakeRate, burst: limits.handshakeBurst, patience: limits.handshakeWait },
      () => performance.now(),
    )
    this.#full = new Hysteresis({
      high: this.maxConnections,
      low: this.maxConnections * READY_SHARE,
      rise: 1,
      fall: 1,
    })
    const { events } = parts.node
    events.on('connectionOpened', ({ client }) => this.#halfOpen.add(client))
    events.on('connectionEstablished', ({ client }) => this.#halfOpen.delete(client))
    events.on('connectionClosed', ({ client }) => this.#halfOpen.delete(client))
  }

  get halfOpen(): number {
    return this.#halfOpen.size
  }

  /** Handshakes that wait for a token of the bucket. */
  get waiting(): number {
    return this.#waiting
  }

  /** The denial of a handshake, if any. A promise only if the handshake waits. */
  admit(): Denial | undefined | Promise<Denial | undefined> {
    const denial = this.#closed()
    if (denial !== undefined) return denial
    const turn = this.#bucket.take()
    if (!turn.ok) return this.#deny('rate', 'too many connections are being opened', turn.retryIn / 1000)
    return turn.wait < 1 ? undefined : this.#wait(turn.wait)
  }

  async #wait(ms: number): Promise<Denial | undefined> {
    this.#waiting++
    await delay(ms)
    this.#waiting--
    return this.#closed()
  }

  /** The denial of every request of a node that drains or stops, if it does. */
  leaving(): Denial | undefined {
    const { state } = this.#parts.node
    const gone = state === 'draining' || state === 'ending' || state === 'closed'
    return gone ? this.#deny('draining', 'this node is shutting down') : undefined
  }

  /** Reasons against new connections, as text; empty: the node accepts them. */
  get reasons(): readonly string[] {
    const full = this.#full.observe(this.#parts.node.stats().clients)
    return [
      ...this.#parts.overload.reasons,
      ...(full ? [`full: it has all of its ${this.maxConnections} connections (SKEIN_MAX_CONNECTIONS)`] : []),
    ]
  }

  #closed(): Denial | undefined {
    const { node, overload, clusterAway } = this.#parts
    const leaving = this.leaving()
    if (leaving !== undefined) return leaving
    if (node.state === 'starting' || clusterAway()) return this.#deny('unready', 'this node is not ready')
    if (overload.causes.length > 0) return this.#deny('overload', 'this node is overloaded')
    if (node.stats().clients + this.#waiting >= this.maxConnections)
      return this.#deny('full', 'this node is full')
    if (this.#halfOpen.size + this.#waiting >= this.#limits.maxHalfOpen)
      return this.#deny('half-open', 'too many connections are being opened')
    return undefined
  }

  #deny(reason: AdmissionReason, message: string, seconds = 0): Denial {
    const { random = Math.random } = this.#parts
    return { reason, message, retryAfter: Math.max(1, Math.ceil(seconds + random() * RETRY_SPREAD_S)) }
  }
}
