/**
 * Whether a connection can be used. Calls wait for the very first connection, a while; once there has been one, a call
 * without connection fails at once: the caller knows better than a queue what is still worth doing.
 */
import type { Clock } from '@skein/core'
import type { Redis } from 'ioredis'
import type { Settings } from './options.ts'
import { NotSent } from './unavailable.ts'

export class ReadySignal {
  readonly #redis: Redis
  readonly #clock: Clock
  readonly #firstWithin: number
  #first: Promise<void> | undefined
  #lastError = 'no connection yet'

  constructor(redis: Redis, settings: Settings) {
    this.#redis = redis
    this.#clock = settings.clock
    this.#firstWithin = settings.timing.connect
    this.#first = this.#untilFirst()
    redis.on('error', (error) => {
      this.#lastError = error.message
    })
    redis.on('ready', () => {
      this.#lastError = 'the connection was lost'
    })
  }

  /** Resolves when commands can be sent; rejects with {@link NotSent}. */
  async wait(what: string): Promise<void> {
    await this.#first
    if (this.#redis.status !== 'ready') throw new NotSent(`Redis did not ${what}: ${this.#lastError}`)
  }

  /** Lets go of the connection. */
  close(): Promise<void> {
    const { status } = this.#redis
    return new Promise((resolve) => {
      this.#redis.once('end', resolve)
      this.#redis.disconnect()
      this.#redis.stream?.destroy()
      // Between two attempts there is no stream whose end could be told.
      if (status === 'end' || status === 'reconnecting') resolve()
    })
  }

  /** The first connection, or the end of patience: whichever comes first ends the time of waiting. */
  #untilFirst(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#clock.clearTimeout(timer)
        this.#redis.off('ready', done)
        this.#redis.off('end', done)
        this.#first = undefined
        resolve()
      }
      const timer = this.#clock.setTimeout(done, this.#firstWithin)
      this.#redis.once('ready', done)
      this.#redis.once('end', done)
    })
  }
}
