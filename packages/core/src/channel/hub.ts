/** Who listens to what on this node: the channels with local subscriptions, and the way from the broker to them. */
import type { ClientInfo, Envelope, StreamPosition } from '@skein/protocol'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { BrokerListener } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import { ChannelState } from './channel-state.ts'
import type { ChannelContext } from './context.ts'

/** Positions asked in one round trip: enough to be cheap, few enough not to hold Redis up. */
const COMPARED_AT_ONCE = 500
/** A comparison may overtake the bus by this much before it counts as a loss, ms. */
const BUS_LAG = 1000

/** Between tries to compare after the bus has been away, ms. */
const PAUSE = 100
const LONGEST_PAUSE = 1000

type Compare = (channel: ChannelState, top: StreamPosition | undefined, before: StreamPosition) => void

export class Hub implements BrokerListener {
  readonly #node: ChannelContext
  readonly #channels = new Map<string, ChannelState>()
  /** To be compared with their streams, since the bus has been away. */
  readonly #owed = new Set<ChannelState>()
  #comparing = false

  constructor(node: ChannelContext) {
    this.#node = node
  }

  get size(): number {
    return this.#channels.size
  }

  channels(): IterableIterator<ChannelState> {
    return this.#channels.values()
  }

  open(name: string, namespace: ResolvedNamespace): ChannelState {
    const known = this.#channels.get(name)
    if (known !== undefined) return known
    const created = new ChannelState(this.#node, name, namespace)
    this.#channels.set(name, created)
    return created
  }

  /** Forgets a channel that nobody listens to any more. */
  release(channel: ChannelState): void {
    if (channel.count === 0 && this.#channels.get(channel.name) === channel)
      this.#channels.delete(channel.name)
  }

  onPublication(channel: string, position: StreamPosition, envelope: Envelope): void {
    this.#channels.get(channel)?.receive({ kind: 'pub', position, envelope })
  }

  onJoin(channel: string, info: ClientInfo, users?: number): void {
    this.#channels.get(channel)?.receive({ kind: 'join', info, users })
  }

  onLeave(channel: string, info: ClientInfo, users?: number): void {
    this.#channels.get(channel)?.receive({ kind: 'leave', info, users })
  }

  onRestored(channels?: readonly string[]): void {
    const all =
      channels === undefined ? this.#channels.values() : channels.map((name) => this.#channels.get(name))
    const concerned = [...all].filter((channel) => channel?.position !== undefined)
    this.#node.events.emit('busRestored', { channels: concerned.length })
    for (const channel of concerned) if (channel !== undefined) this.#owed.add(channel)
    if (!this.#comparing) void this.#compareOwed()
  }

  /** Compares channels that have been idle since `before` (monotonic ms) with their streams. */
  async checkIdle(before: number): Promise<void> {
    const idle = [...this.#channels.values()].filter((c) => c.position !== undefined && c.checkedAt < before)
    if (await this.#ahead(idle)) {
      await sleep(this.#node.clock, BUS_LAG)
      await this.#compare(idle)
    }
  }

  /** Tries until every channel is compared: whoever is not may have lost publications, and nobody else would notice. */
  async #compareOwed(): Promise<void> {
    this.#comparing = true
    let pause = PAUSE
    while (this.#owed.size > 0) {
      const some = this.#takeOwed()
      try {
        await this.#compareSome(some, (channel, top, before) => channel.compare(top, before))
        pause = PAUSE
      } catch (error) {
        this.#node.events.emit('internalError', { where: 'position check', error })
        for (const channel of some) this.#owed.add(channel)
        await sleep(this.#node.clock, pause)
        pause = Math.min(LONGEST_PAUSE, pause * 2)
      }
    }
    this.#comparing = false
  }

  /** Taken before they are asked about: what comes up meanwhile is asked again. */
  #takeOwed(): ChannelState[] {
    const some: ChannelState[] = []
    for (const channel of this.#owed) {
      if (some.length === COMPARED_AT_ONCE) break
      this.#owed.delete(channel)
      if (this.#channels.get(channel.name) === channel) some.push(channel)
    }
    return some
  }

  /** True when a stream is elsewhere than its channel; those that agree are marked as checked. */
  async #ahead(channels: readonly ChannelState[]): Promise<boolean> {
    let some = false
    await this.#positions(channels, (channel, top, before) => {
      if (top !== undefined && top.epoch === before.epoch && top.offset === before.offset)
        channel.compare(top, before)
      else some = true
    })
    return some
  }

  #compare(channels: readonly ChannelState[]): Promise<void> {
    return this.#positions(channels, (channel, top, before) => channel.compare(top, before))
  }

  async #positions(channels: readonly ChannelState[], each: Compare): Promise<void> {
    for (let i = 0; i < channels.length; i += COMPARED_AT_ONCE) {
      try {
        await this.#compareSome(channels.slice(i, i + COMPARED_AT_ONCE), each)
      } catch (error) {
        this.#node.events.emit('internalError', { where: 'position check', error })
      }
    }
  }

  async #compareSome(channels: readonly ChannelState[], each: Compare): Promise<void> {
    const some = channels.filter((channel) => channel.position !== undefined)
    if (some.length === 0) return
    const before = some.map((channel) => channel.position)
    const tops = await this.#node.cluster.broker.positions(some.map((channel) => channel.name))
    some.forEach((channel, n) => {
      const known = before[n]
      if (known !== undefined) each(channel, tops[n], known)
    })
  }
}
