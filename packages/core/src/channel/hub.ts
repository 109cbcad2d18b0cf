/**
 * The channels with subscriptions on this node. Receives what the broker delivers and compares positions with
 * streams.
 */
import type { ClientInfo, Envelope, StreamPosition } from '@skein/protocol'
import type { ResolvedNamespace } from '../namespaces/channels.ts'
import type { BrokerListener } from '../ports.ts'
import { sleep } from '../util/sleep.ts'
import { ChannelState } from './channel-state.ts'
import type { ChannelContext } from './context.ts'

/** Positions of one round trip: enough to be cheap, few enough not to block Redis. */
const POSITIONS_PER_QUERY = 500
/** A stream may be ahead of the bus for this long before that counts as a loss. */
const MAX_BUS_LAG_MS = 1000
const FIRST_RETRY_DELAY_MS = 100
const MAX_RETRY_DELAY_MS = 1000

type Compare = (channel: ChannelState, top: StreamPosition | undefined, before: StreamPosition) => void

export class Hub implements BrokerListener {
  readonly #node: ChannelContext
  readonly #channels = new Map<string, ChannelState>()
  /** Channels to compare with their streams after the bus was unreachable. */
  readonly #unchecked = new Set<ChannelState>()
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

  /** Removes a channel without subscriptions. */
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
    for (const channel of concerned) if (channel !== undefined) this.#unchecked.add(channel)
    if (!this.#comparing) void this.#compareUnchecked()
  }

  /** Compares channels that have been idle since `before` (monotonic ms) with their streams. */
  async checkIdle(before: number): Promise<void> {
    const idle = [...this.#channels.values()].filter((c) => c.position !== undefined && c.checkedAt < before)
    if (await this.#anyDiffers(idle)) {
      await sleep(this.#node.clock, MAX_BUS_LAG_MS)
      await this.#compare(idle)
    }
  }

  /** Retries until every channel is compared: nothing else would detect lost publications. */
  async #compareUnchecked(): Promise<void> {
    this.#comparing = true
    let delay = FIRST_RETRY_DELAY_MS
    while (this.#unchecked.size > 0) {
      const some = this.#takeUnchecked()
      try {
        await this.#compareSome(some, (channel, top, before) => channel.compare(top, before))
        delay = FIRST_RETRY_DELAY_MS
      } catch (error) {
        this.#node.events.emit('internalError', { where: 'position check', error })
        for (const channel of some) this.#unchecked.add(channel)
        await sleep(this.#node.clock, delay)
        delay = Math.min(MAX_RETRY_DELAY_MS, delay * 2)
      }
    }
    this.#comparing = false
  }

  /** Removes them from the set before the query: a channel that is added meanwhile is compared again. */
  #takeUnchecked(): ChannelState[] {
    const some: ChannelState[] = []
    for (const channel of this.#unchecked) {
      if (some.length === POSITIONS_PER_QUERY) break
      this.#unchecked.delete(channel)
      if (this.#channels.get(channel.name) === channel) some.push(channel)
    }
    return some
  }

  /** Whether a stream differs from its channel. Channels that agree count as checked. */
  async #anyDiffers(channels: readonly ChannelState[]): Promise<boolean> {
    let some = false
    await this.#positions(channels, (channel, top, before) => {
      // A channel without a stream has no top.
      const same = top === undefined ? before.offset === 0 : agree(top, before)
      if (same) channel.compare(top, before)
      else some = true
    })
    return some
  }

  #compare(channels: readonly ChannelState[]): Promise<void> {
    return this.#positions(channels, (channel, top, before) => channel.compare(top, before))
  }

  async #positions(channels: readonly ChannelState[], each: Compare): Promise<void> {
    for (let i = 0; i < channels.length; i += POSITIONS_PER_QUERY) {
      try {
        await this.#compareSome(channels.slice(i, i + POSITIONS_PER_QUERY), each)
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

function agree(one: StreamPosition, other: StreamPosition): boolean {
  return one.epoch === other.epoch && one.offset === other.offset
}
