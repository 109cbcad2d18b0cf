/**
 * Decides over a trace whether the guarantees of docs/design/reliability.md held: one order per channel for
 * all clients, no acknowledged publication lost, no duplicate, and a notice for every loss. Reads events in
 * any order that keeps each client's own, and holds positions only.
 */
import { Continuity } from './continuity.ts'
import { type Finding, type FindingKind, Findings } from './findings.ts'
import { Healing } from './healing.ts'
import { Latency } from './latency.ts'
import { Order } from './order.ts'
import type {
  Acknowledged,
  Delivered,
  Left,
  Rested,
  Returned,
  Stream,
  Subscribed,
  TraceEvent,
} from './trace.ts'

export interface Verdict {
  readonly published: number
  readonly acknowledged: number
  readonly refused: number
  readonly delivered: number
  /** Subscriptions notified that continuity is lost: `recovered: false`. */
  readonly notified: number
  /** Acknowledged publications that Redis lost, with a change of epoch. */
  readonly forfeited: number
  readonly found: Readonly<Record<FindingKind, number>>
  readonly examples: readonly Finding[]
  /** Milliseconds from the end of a fault until deliveries are on time and complete. */
  readonly healed: number
  /** Milliseconds without a subscription, of lost connections and reconnects: the longest, and p99. */
  readonly longestAbsence: number
  readonly p99Absence: number
  /**
   * The slowest delivery, ms from the first attempt to publish, or from the subscriber's attempt to
   * reconnect.
   */
  readonly slowest: number
}

/** The state of a client over time. */
interface Presence {
  /** Since when the client tries to subscribe; 0: it is subscribed, or does not try. */
  wantsSince: number
  /** When it subscribed last; a publication received later may still be older, which is not late. */
  backAt: number
  live: boolean
}

export class Checker {
  readonly #findings = new Findings()
  readonly #healing = new Healing()
  /** By the second part of a client's name: `p0.json.17` belongs to the group `json`. */
  readonly latency = new Latency()
  readonly #orders = new Map<string, Order>()
  /** Client -> channel -> what the client received. */
  readonly #subscribers = new Map<string, Map<string, Continuity>>()
  readonly #presences = new Map<string, Presence>()
  readonly #takes: { readonly [K in TraceEvent['kind']]: (event: Extract<TraceEvent, { kind: K }>) => void } =
    {
      attempted: (event) => {
        this.#counts.published += 1
        this.#order(event.channel).attempted(event)
      },
      acknowledged: (event) => this.#acknowledged(event),
      refused: ({ id, at }) => {
        this.#counts.refused += 1
        this.#refusals.set(id, at)
      },
      subscribed: (event) => this.#subscribed(event),
      delivered: (event) => this.#delivered(event),
      doubted: ({ at }) => this.#healing.unwell(at),
      left: (event) => this.#left(event),
      returned: (event) => this.#returned(event),
      broken: (event) => this.#findings.add('broken', `${event.client}: ${event.what}`, event),
      fault: (event) => this.#healing.fault(event),
      stream: (event) => this.#stream(event),
      rested: (event) => this.#rested(event),
    }
  /** When a publication was last rejected that has not been acknowledged since. */
  readonly #refusals = new Map<string, number>()
  readonly #counts = { published: 0, acknowledged: 0, refused: 0, delivered: 0, notified: 0 }

  add(event: TraceEvent): void {
    const take: (event: never) => void = this.#takes[event.kind]
    take(event as never)
  }

  /** Once, after the last event. */
  verdict(): Verdict {
    for (const at of this.#refusals.values()) this.#healing.unwell(at)
    for (const order of this.#orders.values()) order.end()
    for (const [client, channels] of this.#subscribers) {
      const { live } = this.#presence(client)
      for (const [channel, continuity] of channels) {
        const order = this.#orders.get(channel)
        continuity.end(order?.stream, live)
        for (const crossing of continuity.crossings) order?.crossed(crossing)
      }
    }
    return {
      ...this.#counts,
      forfeited: [...this.#orders.values()].reduce((sum, order) => sum + order.forfeited, 0),
      found: this.#findings.counts,
      examples: this.#findings.examples,
      healed: this.#healing.longest,
      longestAbsence: this.#healing.absence(1),
      p99Absence: this.#healing.absence(0.99),
      slowest: this.latency.slowest,
    }
  }

  #acknowledged(event: Acknowledged): void {
    this.#counts.acknowledged += 1
    this.#refusals.delete(event.id)
    const order = this.#order(event.channel)
    order.acknowledged(event)
    this.#healing.done(event.at, order.attemptedAt(event.id) ?? event.at)
  }

  #subscribed(event: Subscribed): void {
    const presence = this.#presence(event.client)
    if (presence.wantsSince > 0) this.#healing.absent(event.at, presence.wantsSince)
    presence.wantsSince = 0
    this.#order(event.channel).sawEpoch(event.epoch, event.at)
    if (this.#subscriber(event.client, event.channel).subscribed(event)) this.#counts.notified += 1
  }

  #delivered(event: Delivered): void {
    this.#counts.delivered += 1
    const subscriber = this.#subscriber(event.client, event.channel)
    subscriber.delivered(event)
    if (subscriber.epoch !== undefined) this.#order(event.channel).delivered(event, subscriber.epoch)
    const since = Math.max(event.sent, this.#presence(event.client).backAt)
    this.#healing.done(event.at, since)
    this.latency.add(event.client.split('.')[1] ?? '', event.at, event.at - since)
  }

  #returned({ client, at }: Returned): void {
    const presence = this.#presence(client)
    presence.wantsSince = at
    presence.backAt = at
  }

  #left({ client, own, at }: Left): void {
    this.#presence(client).wantsSince = own ? 0 : at
  }

  #stream(event: Stream): void {
    this.#order(event.channel).stream = event
  }

  #rested({ client, live }: Rested): void {
    this.#presence(client).live = live
    if (!live) this.#findings.add('absent', `${client} was not back at the end`)
  }

  #order(channel: string): Order {
    const order = this.#orders.get(channel) ?? new Order(channel, this.#findings)
    this.#orders.set(channel, order)
    return order
  }

  #subscriber(client: string, channel: string): Continuity {
    const channels = this.#subscribers.get(client) ?? new Map<string, Continuity>()
    this.#subscribers.set(client, channels)
    const subscriber = channels.get(channel) ?? new Continuity(`${client} in ${channel}`, this.#findings)
    channels.set(channel, subscriber)
    return subscriber
  }

  #presence(client: string): Presence {
    const presence = this.#presences.get(client) ?? { wantsSince: 0, backAt: 0, live: false }
    this.#presences.set(client, presence)
    return presence
  }
}
