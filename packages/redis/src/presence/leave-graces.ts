/**
 * Channels with users in their grace period: their last connection was lost, and they may reconnect. Any node
 * that has the channel in its index counts the grace period. If the node dies, its reaper continues. Ending a
 * grace period is one atomic step, so several nodes may count the same one.
 */
import type { Clock, Timer } from '@skein/core'
import type { Settings } from '../server/settings.ts'
import type { ChannelIndex } from './channel-index.ts'
import type { Incarnation } from './owners.ts'
import type { PresenceScripts } from './presence-scripts.ts'

const CHANNELS_PER_TICK = 500
/** Interval between checks while a grace runs: the maximum delay of a leave. */
const TICK_MS = 250

export class LeaveGraces {
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #scripts: PresenceScripts
  readonly #index: ChannelIndex
  readonly #lease: Pick<Incarnation, 'uid'>
  /** Channel -> time of the next check, monotonic ms. */
  readonly #due = new Map<string, number>()
  #timer: Timer | undefined
  #scheduled = false
  #closed = false

  constructor(
    settings: Settings,
    scripts: PresenceScripts,
    index: ChannelIndex,
    lease: Pick<Incarnation, 'uid'>,
  ) {
    this.#settings = settings
    this.#clock = settings.clock
    this.#scripts = scripts
    this.#index = index
    this.#lease = lease
  }

  /** Number of channels in which this node counts a grace. */
  get size(): number {
    return this.#due.size
  }

  /** A grace runs in the channel for at least `grace` ms. The channel is in this node's index. */
  watch(channel: string, grace: number): void {
    const at = this.#clock.monotonic() + grace
    this.#due.set(channel, Math.min(this.#due.get(channel) ?? at, at))
    if (!this.#scheduled) this.#schedule()
  }

  /** The incarnation is over: its reaper takes over. */
  forget(): void {
    this.#due.clear()
  }

  close(): void {
    this.#closed = true
    this.forget()
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
  }

  #schedule(): void {
    this.#scheduled = true
    this.#timer = this.#clock.setTimeout(() => void this.#tick(), TICK_MS)
  }

  async #tick(): Promise<void> {
    const now = this.#clock.monotonic()
    const due = [...this.#due].filter(([, at]) => at <= now).map(([channel]) => channel)
    await Promise.all(due.slice(0, CHANNELS_PER_TICK).map((channel) => this.#settle(channel)))
    this.#scheduled = false
    if (this.#due.size > 0 && !this.#closed) this.#schedule()
  }

  async #settle(channel: string): Promise<void> {
    const { uid } = this.#lease
    // A grace that begins before the reply schedules another check.
    this.#due.delete(channel)
    try {
      const next = await this.#scripts.settle(channel)
      if (next >= 0) this.watch(channel, next)
      else if (!this.#due.has(channel)) this.#index.maybeEmpty(uid, channel)
    } catch (error) {
      this.#settings.report(error, 'grace')
      if (!this.#closed && uid === this.#lease.uid) this.watch(channel, TICK_MS)
    }
  }
}
