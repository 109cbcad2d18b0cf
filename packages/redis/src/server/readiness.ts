/**
 * Whether a connection can be used. Calls wait for the very first connection, a while; once there has been one, a call
 * without connection fails at once: the caller knows better than a queue what is still worth doing.
 */
import type { Clock } from '@skein/core'
import type { Redis } from 'ioredis'
import type { Settings } from '../options.ts'
import { NotSent } from '../unavailable.ts'

export class ReadySignal {
  readonly #redis: Redis
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #firstWithin: number
  readonly #onUp: (() => void)[] = []
  /** Ends the time in which calls wait for the first connection. */
  #endWaiting: () => void = () => undefined
  #first: Promise<void> | undefined
  #lastError = 'no connection yet'
  #up = false

  /** `prepare`: what is to be known before the connection can be used; where it rejects, another one is made. */
  constructor(redis: Redis, settings: Settings, prepare: () => Promise<void> = async () => undefined) {
    this.#redis = redis
    this.#settings = settings
    this.#clock = settings.clock
    this.#firstWithin = settings.timing.connect
    this.#first = this.#untilFirst()
    redis.on('error', (error) => {
      this.#lastError = error.message
    })
    redis.on('ready', () => void this.#prepare(prepare))
    redis.on('close', () => {
      this.#up = false
    })
    redis.once('end', () => this.#endWaiting())
  }

  get up(): boolean {
    return this.#up && this.#redis.status === 'ready'
  }

  /** Runs at each time that the connection can be used again. */
  onUp(run: () => void): void {
    this.#onUp.push(run)
  }

  /** Resolves when commands can be sent; rejects with {@link NotSent}. */
  async wait(what: string): Promise<void> {
    if (!this.up) await this.#first
    if (!this.up) throw new NotSent(`Redis did not ${what}: ${this.#lastError}`)
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

  async #prepare(prepare: () => Promise<void>): Promise<void> {
    const { stream } = this.#redis
    try {
      this.#settings.former.refuse(stream)
      await prepare()
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error)
      if (this.#redis.stream === stream) stream?.destroy()
      return
    }
    if (this.#redis.stream !== stream || this.#redis.status !== 'ready') return
    this.#lastError = 'the connection was lost'
    this.#up = true
    this.#endWaiting()
    for (const run of this.#onUp) run()
  }

  /** The first connection, or the end of patience: whichever comes first ends the time of waiting. */
  #untilFirst(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => this.#endWaiting(), this.#firstWithin)
      this.#endWaiting = () => {
        this.#clock.clearTimeout(timer)
        this.#first = undefined
        resolve()
      }
    })
  }
}
