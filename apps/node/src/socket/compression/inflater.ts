/**
 * What a client deflated. ws asks it in place of its own extension object, fragment by fragment; a message is inflated whole,
 * without a context, and never beyond the bound: a kilobyte may stand for a megabyte.
 */
import { constants, inflateRaw, inflateRawSync } from 'node:zlib'
import type { WebSocket } from 'ws'
import type { CompressionOptions } from './compression.ts'

export type RefusedReason = 'size' | 'damaged'

type Callback = (error: Error | null, data?: Buffer) => void

/** So much is inflated in the event loop, in 60 us; only more is worth a thread. Bytes. */
const AT_ONCE = 65_536
/** What the sender left out: RFC 7692, 7.2.2. */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff)
const NOTHING = Buffer.alloc(0)

const REFUSALS = {
  size: { code: 1009, reason: 'frame is too large when inflated' },
  damaged: { code: 1007, reason: 'frame cannot be inflated' },
} as const

export class Inflater {
  readonly #ws: WebSocket
  readonly #options: CompressionOptions
  /** Of a message whose end has not come; ws bounds their bytes and number. */
  #fragments: Uint8Array[] | undefined

  constructor(ws: WebSocket, options: CompressionOptions) {
    this.#ws = ws
    this.#options = options
  }

  /** Called by ws, which goes on reading once it was called back: never at once, its loop is not made for that. */
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

  /** Called by ws when the connection has ended. */
  cleanup(): void {
    this.#fragments = undefined
  }

  #inflate(whole: Buffer, callback: Callback): void {
    const { maxFrame } = this.#options
    try {
      const data = inflateRawSync(whole, bounded(Math.min(AT_ONCE, maxFrame)))
      queueMicrotask(() => callback(null, data))
    } catch (error) {
      if (isTooLarge(error) && maxFrame > AT_ONCE) {
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
    // ws stops reading; its own close, which follows, finds that one sent.
    queueMicrotask(() => callback(Object.assign(new Error(reason), { code: 'SKEIN_INFLATE' })))
  }
}

const bounded = (maxOutputLength: number) => ({ maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH })

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
