/** Who listens to what on this node: the channels with local subscriptions, and the way from the broker to them. */
import type { ClientInfo, Envelope, StreamPosition } from '@skein/protocol'
import { ChannelState } from './channel-state.ts'
import type { ResolvedNamespace } from './channels.ts'
import type { NodeContext } from './node-context.ts'
import type { BrokerListener } from './ports.ts'
import { sleep } from './sleep.ts'

/** Positions asked in one round trip: enough to be cheap, few enough not to hold Redis up. */
const COMPARED_AT_ONCE = 500
/** A comparison may overtake the bus by this much before it counts as a loss, ms. */
const BUS_LAG = 1000

export class Hub implements BrokerListener {
  readonly #node: NodeContext
  readonly #channels = new Map<string, ChannelState>()

  constructor(node: NodeContext) {
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

  onJoin(channel: string, info: ClientInfo): void {
    this.#channels.get(channel)?.receive({ kind: 'join', info })
  }

  onLeave(channel: string, info: ClientInfo): void {
    this.#channels.get(channel)?.receive({ kind: 'leave', info })
  }

  onRestored(): void {
    const channels = [...this.#channels.values()].filter((c) => c.position !== undefined)
    this.#node.events.emit('busRestored', { channels: channels.length })
    void this.#compare(channels)
  }

  /** Compares channels that have been idle since `before` (monotonic ms) with their streams. */
  async checkIdle(before: number): Promise<void> {
    const idle = [...this.#channels.values()].filter((c) => c.position !== undefined && c.checkedAt < before)
    if (await this.#ahead(idle)) {
      await sleep(this.#node.clock, BUS_LAG)
      await this.#compare(idle)
    }
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

  async #positions(
    channels: readonly ChannelState[],
    each: (channel: ChannelState, top: StreamPosition | undefined, before: StreamPosition) => void,
  ): Promise<void> {
    for (let i = 0; i < channels.length; i += COMPARED_AT_ONCE) {
      const some = channels.slice(i, i + COMPARED_AT_ONCE).filter((c) => c.position !== undefined)
      const before = some.map((c) => c.position)
      try {
        const tops = await this.#node.cluster.broker.positions(some.map((c) => c.name))
        some.forEach((channel, n) => {
          const known = before[n]
          if (known !== undefined) each(channel, tops[n], known)
        })
      } catch (error) {
        this.#node.events.emit('internalError', { where: 'position check', error })
      }
    }
  }
}
