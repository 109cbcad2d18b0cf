/**
 * permessage-deflate, RFC 7692, without contexts: each message is deflated for itself, once for all who get it, and no
 * connection has a compressor. Browsers offer it always; what is agreed on says `no_context_takeover` for both sides.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Frame } from '@skein/core'
import type { PerMessageDeflateOptions, WebSocket } from 'ws'
import { Deflater } from './deflater.ts'
import { Inflater, type RefusedReason } from './inflater.ts'

/** Told for the metrics. Sizes in bytes, without WebSocket headers. */
export interface CompressionObserver {
  deflated(before: number, after: number): void
  inflateRefused(reason: RefusedReason): void
}

export interface CompressionOptions {
  /** Of a client's message, bytes: before it is inflated and after. */
  readonly maxFrame: number
  readonly observer: CompressionObserver
}

const NAME = 'permessage-deflate'
const HEADER = 'sec-websocket-extensions'
const SMALLER_WINDOW = /;\s*server_max_window_bits\s*=\s*"?(?!15)/i

export class Compression {
  /** For ws, which negotiates. */
  readonly terms: PerMessageDeflateOptions = { serverNoContextTakeover: true, clientNoContextTakeover: true }
  readonly #options: CompressionOptions
  readonly #deflater: Deflater

  constructor(options: CompressionOptions) {
    this.#options = options
    this.#deflater = new Deflater(options.observer)
  }

  /**
   * Leaves the offers out that cannot be accepted: a smaller window, as the bytes are the same for all. ws would answer such a
   * handshake with 400, where RFC 7692, 5.1 says to go on without the extension.
   */
  screen(headers: IncomingHttpHeaders): void {
    const offers = headers[HEADER]?.split(',').filter((offer) => !SMALLER_WINDOW.test(offer))
    if (offers === undefined) return
    if (offers.length > 0) headers[HEADER] = offers.join(',').trim()
    else delete headers[HEADER]
  }

  /** How frames become bytes on this connection; `undefined`: as ever, since the client did not offer compression. */
  adopt(ws: WebSocket): ((frame: Frame) => Uint8Array) | undefined {
    if (!ws.extensions.includes(NAME)) return undefined
    // Not public API, and the receiver's table as well: ws would make an inflate stream for each message.
    const { _extensions: extensions } = ws as { _extensions?: Record<string, unknown> }
    if (extensions?.[NAME] !== undefined) extensions[NAME] = new Inflater(ws, this.#options)
    return this.#deflater.bytesOf
  }
}
