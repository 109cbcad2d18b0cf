/**
 * Channels in which users are missed, and who of the nodes counts their grace: any that has the channel in its index, so that
 * its reaper goes on counting when it dies. Ending a grace is one atomic step, so that several may count the same one.
 */
import type { Clock, Timer } from '@skein/core'
import type { Lease } from '../membership/lease.ts'
import type { Settings } from '../options.ts'
import type { ChannelIndex } from './channel-index.ts'
import type { PresenceScripts } from './presence-scripts.ts'

/** Channels settled per tick. */
const BATCH = 500
/** Looked at so often while somebody is missed, ms: how late a leave may be. */
const STEP = 250

export class MissedChannels {
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #scripts: PresenceScripts
  readonly #index: ChannelIndex
  readonly #lease: Lease
  /** Channel -> when to look again, monotonic ms. */
  readonly #due = new Map<string, number>()
  #timer: Timer | undefined
  #counting = false
  #closed = false

  constructor(settings: Settings, scripts: PresenceScripts, index: ChannelIndex, lease: Lease) {
    this.#settings = settings
    this.#clock = settings.clock
    this.#scripts = scripts
    this.#index = index
    this.#lease = lease
  }

  /** Channels in which this node counts a grace. */
  get size(): number {
    return this.#due.size
  }

  /** Somebody is missed there, for so long at least, ms. The channel is in this node's index. */
  watch(channel: string, grace: number): void {
    const at = this.#clock.monotonic() + grace
    this.#due.set(channel, Math.min(this.#due.get(channel) ?? at, at))
    if (!this.#counting) this.#step()
  }

  /** The incarnation is over: its reaper counts. */
  forget(): void {
    this.#due.clear()
  }

  close(): void {
    this.#closed = true
    this.forget()
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
  }

  #step(): void {
    this.#counting = true
    this.#timer = this.#clock.setTimeout(() => void this.#count(), STEP)
  }

  async #count(): Promise<void> {
    const now = this.#clock.monotonic()
    const due = [...this.#due].filter(([, at]) => at <= now).map(([channel]) => channel)
    await Promise.all(due.slice(0, BATCH).map((channel) => this.#settle(channel)))
    this.#counting = false
    if (this.#due.size > 0 && !this.#closed) this.#step()
  }

  async #settle(channel: string): Promise<void> {
    const { uid } = this.#lease
    // Until the answer is there, whoever is lost asks for another look.
    this.#due.delete(channel)
    try {
      const next = await this.#scripts.settle(channel)
      if (next >= 0) this.watch(channel, next)
      else if (!this.#due.has(channel)) this.#index.maybeEmpty(uid, channel)
    } catch (error) {
      this.#settings.report(error, 'grace')
      if (!this.#closed && uid === this.#lease.uid) this.watch(channel, STEP)
    }
  }
}
