/**
 * permessage-deflate (RFC 7692) without context takeover on both sides. A message is compressed once for all
 * its receivers, and no connection has a compressor of its own.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Frame } from '@skein/core'
import type { PerMessageDeflateOptions, WebSocket } from 'ws'
import { replaceExtension } from '../internals/ws-extension.ts'
import { Deflater } from './deflater.ts'
import { Inflater } from './inflater.ts'
import type { CompressionOptions } from './observer.ts'

const NAME = 'permessage-deflate'
const HEADER = 'sec-websocket-extensions'
const SMALLER_WINDOW = /;\s*server_max_window_bits\s*=\s*"?(?!15)/i

export class Compression {
  /** For the negotiation by ws. */
  readonly terms: PerMessageDeflateOptions = { serverNoContextTakeover: true, clientNoContextTakeover: true }
  readonly #options: CompressionOptions
  readonly #deflater: Deflater

  constructor(options: CompressionOptions) {
    this.#options = options
    this.#deflater = new Deflater(options.observer)
  }

  /**
   * Removes offers with a smaller window, since all receivers share the bytes. ws would reject such a
   * handshake with 400; RFC 7692, section 5.1 requires to continue without the extension.
   */
  screen(headers: IncomingHttpHeaders): void {
    const offers = headers[HEADER]?.split(',').filter((offer) => !SMALLER_WINDOW.test(offer))
    if (offers === undefined) return
    if (offers.length > 0) headers[HEADER] = offers.join(',').trim()
    else delete headers[HEADER]
  }

  /** Converts frames to bytes on this connection; `undefined` without compression. */
  adopt(ws: WebSocket): ((frame: Frame) => Uint8Array) | undefined {
    if (!ws.extensions.includes(NAME)) return undefined
    // ws would create an inflate stream for the connection. Ours inflates each message by one bounded call.
    replaceExtension(ws, NAME, new Inflater(ws, this.#options))
    return this.#deflater.bytesOf
  }
}
