/**
 * Inflates the messages of a client, in place of ws's extension object. It inflates a whole message without
 * context and never beyond the maximum: a kilobyte can inflate to a megabyte.
 */
import { constants, inflateRaw, inflateRawSync } from 'node:zlib'
import type { WebSocket } from 'ws'
import type { CompressionOptions } from './observer.ts'

type Callback = (error: Error | null, data?: Buffer) => void

/** Maximum size that is inflated in the event loop, which takes 60 us. A larger message is worth a thread. */
const SYNC_BYTES = 65_536
/** End of a message, which the sender omits (RFC 7692, section 7.2.2). */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff)
const NOTHING = Buffer.alloc(0)

const REFUSALS = {
  size: { code: 1009, reason: 'frame is too large when inflated' },
  damaged: { code: 1007, reason: 'frame cannot be inflated' },
} as const

export class Inflater {
  readonly #ws: WebSocket
  readonly #options: CompressionOptions
  /** Fragments of an incomplete message. ws bounds their bytes and their number. */
  #fragments: Uint8Array[] | undefined

  constructor(ws: WebSocket, options: CompressionOptions) {
    this.#ws = ws
    this.#options = options
  }

  /**
   * ws calls it, and reads on after the callback. The callback is asynchronous, as the loop of ws requires.
   */
  decompress(data: Uint8Array, isLast: boolean, callback: Callback): void {
    if (!isLast) {
      this.#fragments ??= []
      this.#fragments.push(data)
      queueMicrotask(() => callback(null, NOTHING))
      return
    }
    const whole = Buffer.concat([...(this.#fragments ?? []), data, TAIL])
    this.#fragments = undefined
    this.#inflate(whole, callback)
  }

  /** ws calls it when the connection has closed. */
  cleanup(): void {
    this.#fragments = undefined
  }

  #inflate(whole: Buffer, callback: Callback): void {
    const { maxFrame } = this.#options
    try {
      const data = inflateRawSync(whole, bounded(Math.min(SYNC_BYTES, maxFrame)))
      queueMicrotask(() => callback(null, data))
    } catch (error) {
      if (isTooLarge(error) && maxFrame > SYNC_BYTES) {
        inflateRaw(whole, bounded(maxFrame), (failure, data) => {
          if (failure === null) callback(null, data)
          else this.#refuse(failure, callback)
        })
      } else this.#refuse(error, callback)
    }
  }

  #refuse(error: unknown, callback: Callback): void {
    const why = isTooLarge(error) ? 'size' : 'damaged'
    this.#options.observer.inflateRefused(why)
    const { code, reason } = REFUSALS[why]
    this.#ws.close(code, reason)
    // ws stops reading after this error. Its own close has no effect after ours.
    queueMicrotask(() => callback(Object.assign(new Error(reason), { code: 'SKEIN_INFLATE' })))
  }
}

const bounded = (maxOutputLength: number) => ({ maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH })

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
