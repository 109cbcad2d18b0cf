/**
 * The link between one node and the bus: calls take time both ways and may fail before or after their effect;
 * messages take time, keep their order, and may be lost, as Pub/Sub may lose them. Leases follow the rules of
 * `packages/redis/src/membership/lease.ts`, since the memory bus has no time of its own.
 */
import {
  type BrokerListener,
  type Cluster,
  createMemoryCluster,
  type MemoryBus,
  Unavailable,
} from '@skein/core'
import type { Random } from './random.ts'
import { type Process, ProcessClock, type Timeline } from './timeline.ts'

/** As in `packages/redis/src/options.ts`, ms. */
const LEASE = 3000
const RENEWAL = 1000
const GRACE = 2000
/** One way, at most, ms. */
const WAY = 4

export class Link {
  readonly cluster: Cluster
  readonly clock: ProcessClock
  /** The share of publications that are lost on their way to this node. */
  loss = 0
  /** Messages wait. */
  holding = false
  /** Calls fail, and messages are lost, as without Redis. */
  down = false
  /** The share of calls whose reply is lost: they took effect, and the caller gets an error. */
  lostAnswers = 0
  readonly #process: Process
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #bus: MemoryBus
  readonly #inner: Cluster
  #arrivals: (() => void)[] = []
  #lastArrival = 0
  #lastCall = 0
  #lastAnswer = 0
  #provedAt = Number.NEGATIVE_INFINITY
  #listener: BrokerListener | undefined
  #onLost: (() => void) | undefined

  constructor(bus: MemoryBus, name: string, process: Process, timeline: Timeline, random: Random) {
    this.#bus = bus
    this.#process = process
    this.#timeline = timeline
    this.#random = random
    this.clock = new ProcessClock(timeline, process)
    this.#inner = createMemoryCluster(bus, { name, clock: new ProcessClock(timeline, process) })
    this.cluster = this.#wrapped()
  }

  get uid(): string {
    return this.#inner.membership.uid
  }

  /** Messages flow again, held ones first. */
  release(): void {
    this.holding = false
    const waiting = this.#arrivals
    this.#arrivals = []
    for (const arrive of waiting) arrive()
  }

  /** Redis is back: as after a reconnect of the bus, the node compares its channels. */
  restore(): void {
    if (!this.down) return
    this.down = false
    this.#arrive(() => this.#listener?.onRestored(), false)
  }

  /** The lease as other nodes see it: they end the incarnation some time after its expiry. */
  get runOut(): boolean {
    return this.#timeline.now - this.#provedAt > LEASE + GRACE
  }

  /**
   * Other nodes have ended the incarnation: its entries are removed; the node learns it with its next
   * renewal.
   */
  declareOver(): void {
    this.#bus.expire(this.uid)
    for (const seat of this.#bus.seats()) if (seat.uid === this.uid) this.#bus.end(seat)
  }

  #wrapped(): Cluster {
    const { broker, presence, sessions, membership, control } = this.#inner
    return {
      broker: {
        listen: (listener) => broker.listen(this.#heard(listener)),
        subscribe: (channel) => this.#call(() => broker.subscribe(channel)),
        unsubscribe: (channel) => this.#call(() => broker.unsubscribe(channel)),
        publish: (...args) => this.#call(() => broker.publish(...args)),
        history: (...args) => this.#call(() => broker.history(...args)),
        positions: (channels) => this.#call(() => broker.positions(channels)),
        removeHistory: (channel) => this.#call(() => broker.removeHistory(channel)),
      },
      presence: {
        add: (...args) => this.#held(() => presence.add(...args)),
        remove: (...args) => this.#call(() => presence.remove(...args)),
        list: (channel) => this.#call(() => presence.list(channel)),
        stats: (channel) => this.#call(() => presence.stats(channel)),
      },
      sessions: {
        add: (session) => this.#held(() => sessions.add(session)),
        remove: (...args) => this.#call(() => sessions.remove(...args)),
        list: (user) => this.#call(() => sessions.list(user)),
      },
      membership: {
        get uid() {
          return membership.uid
        },
        join: async (describe, onLost) => {
          const asked = this.#timeline.now
          await this.#call(() => membership.join(describe, () => undefined))
          this.#provedAt = asked
          this.#onLost = onLost
          this.#renewLater()
        },
        nodes: () => this.#call(() => membership.nodes()),
        leave: () => this.#call(() => membership.leave()),
      },
      control: {
        listen: (listener) => control.listen((message) => this.#arrive(() => listener(message), false)),
        send: (message) => this.#call(() => control.send(message)),
      },
      health: () => this.#inner.health(),
      close: () => this.#inner.close(),
    }
  }

  /** An incarnation with a doubtful lease may write nothing. */
  async #held(call: () => Promise<void>): Promise<void> {
    if (this.runOut) throw new Unavailable('the lease could not be renewed')
    await this.#call(call)
  }

  #call<T>(call: () => Promise<T>): Promise<T> {
    const fails = this.down || this.#process.dead
    const answerLost = this.#random() < this.lostAnswers
    return new Promise((resolve, reject) => {
      const answer = (give: () => void): void => {
        this.#lastAnswer = this.#inOrder(this.#lastAnswer, () => this.#process.run(give))
      }
      this.#lastCall = this.#inOrder(this.#lastCall, () => {
        if (fails) answer(() => reject(new Unavailable('the bus cannot be reached')))
        else {
          call().then(
            (value) =>
              answer(answerLost ? () => reject(new Unavailable('no answer came')) : () => resolve(value)),
            (error: unknown) => answer(() => reject(error)),
          )
        }
      })
    })
  }

  #heard(listener: BrokerListener): BrokerListener {
    this.#listener = listener
    return {
      onPublication: (...args) =>
        this.#arrive(() => listener.onPublication(...args), this.#random() < this.loss),
      onJoin: (...args) => this.#arrive(() => listener.onJoin(...args), false),
      onLeave: (...args) => this.#arrive(() => listener.onLeave(...args), false),
      onRestored: () => this.#arrive(() => listener.onRestored(), false),
    }
  }

  #arrive(message: () => void, lost: boolean): void {
    if (lost || this.down) return
    this.#lastArrival = this.#inOrder(this.#lastArrival, () => {
      if (this.holding) this.#arrivals.push(() => this.#process.run(message))
      else this.#process.run(message)
    })
  }

  /** Calls of one connection arrive in their order, whatever the delay of each. Returns the moment. */
  #inOrder(last: number, what: () => void): number {
    const at = Math.max(last, this.#timeline.now + this.#random() * WAY)
    this.#timeline.after(at - this.#timeline.now, what)
    return at
  }

  #renewLater(): void {
    this.clock.setTimeout(() => void this.#renew(), RENEWAL)
  }

  async #renew(): Promise<void> {
    const asked = this.#timeline.now
    try {
      const over = await this.#call(async () => !this.#bus.isLive(this.uid))
      if (over) {
        this.#onLost?.()
        return
      }
      this.#provedAt = asked
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error // The next try comes in a second.
    }
    this.#renewLater()
  }
}
