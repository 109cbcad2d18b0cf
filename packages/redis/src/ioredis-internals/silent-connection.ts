/**
 * The end of a connection that answers nothing at all: commands that were given up stay in ioredis's queue until it is closed.
 * ioredis has an option for it (`socketTimeout`), but makes a timer and a listener whenever something is asked that nothing
 * was asked before, which is nearly every publication of a quiet node. Here there is nothing until a command is given up.
 */
import type { Redis } from 'ioredis'

export class Silence {
  readonly #redis: Pick<Redis, 'stream'>
  readonly #patience: number
  #timer: NodeJS.Timeout | undefined

  /** `patience`: ms without a byte, from {@link suspect} on. */
  constructor(redis: Pick<Redis, 'stream'>, patience: number) {
    this.#redis = redis
    this.#patience = patience
  }

  /** A command has had no reply for too long. Ends the connection by which it went unless something comes now. */
  suspect(): void {
    const { stream } = this.#redis
    if (this.#timer !== undefined || stream === undefined || stream.destroyed) return
    const heard = stream.bytesRead
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (stream.destroyed || stream.bytesRead !== heard) return
      stream.destroy(
        new Error(`no answer to anything for ${this.#patience} ms and more: the connection is given up`),
      )
    }, this.#patience)
  }
}
