/**
 * Whether a connection can be used. Calls wait a bounded time for the first connection. After it, a call
 * without a connection fails at once: the caller knows better than a queue whether to retry.
 */
import type { Clock } from '@skein/core'
import type { Redis } from 'ioredis'
import { closeNow, peerOf, socketOf } from '../ioredis-internals/stream.ts'
import { NotSent } from '../unavailable.ts'
import type { Settings } from './settings.ts'

export class Readiness {
  readonly #redis: Redis
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #onReady: (() => void)[] = []
  /** Ends the time in which calls wait for the first connection. */
  #endWaiting: () => void = () => undefined
  #first: Promise<void> | undefined
  #lastError = 'no connection yet'
  #prepared = false

  /** `prepare` runs before a new connection can be used. If it rejects, the connection is replaced. */
  constructor(redis: Redis, settings: Settings, prepare: () => Promise<void> = async () => undefined) {
    this.#redis = redis
    this.#settings = settings
    this.#clock = settings.clock
    this.#first = this.#waitForFirst()
    redis.on('error', (error) => {
      this.#lastError = error.message
    })
    redis.on('ready', () => void this.#prepare(prepare))
    redis.on('close', () => {
      this.#prepared = false
    })
    redis.once('end', () => this.#endWaiting())
  }

  get isReady(): boolean {
    return this.#prepared && this.#redis.status === 'ready'
  }

  /** Runs each time the connection becomes ready. */
  onReady(run: () => void): void {
    this.#onReady.push(run)
  }

  /** Resolves when commands can be sent; rejects with {@link NotSent}. */
  async whenReady(what: string): Promise<void> {
    if (!this.isReady) await this.#first
    if (!this.isReady) throw new NotSent(`Redis did not ${what}: ${this.#lastError}`)
  }

  /** Closes the connection. It does not reconnect. */
  close(): Promise<void> {
    const { status } = this.#redis
    return new Promise((resolve) => {
      this.#redis.once('end', resolve)
      closeNow(this.#redis, false)
      // Between two attempts there is no socket, and ioredis emits no `end`.
      if (status === 'end' || status === 'reconnecting') resolve()
    })
  }

  async #prepare(prepare: () => Promise<void>): Promise<void> {
    const socket = socketOf(this.#redis)
    try {
      this.#settings.formerPrimaries.refuse(peerOf(this.#redis))
      await prepare()
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error)
      if (socketOf(this.#redis) === socket) closeNow(this.#redis, true)
      return
    }
    if (socketOf(this.#redis) !== socket || this.#redis.status !== 'ready') return
    this.#lastError = 'the connection was lost'
    this.#prepared = true
    this.#endWaiting()
    for (const run of this.#onReady) run()
  }

  /** Resolves at the first connection, or after the time in which calls wait for it. */
  #waitForFirst(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => this.#endWaiting(), this.#settings.timing.connect)
      this.#endWaiting = () => {
        this.#clock.clearTimeout(timer)
        this.#first = undefined
        resolve()
      }
    })
  }
}
