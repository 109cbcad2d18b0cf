/** Converts frames to compressed bytes, once for each frame. */
import { constants, deflateRawSync } from 'node:zlib'
import type { Frame } from '@skein/core'
import { COMPRESSED, frameBytes, framed, madeOnce } from '../frame-bytes.ts'
import type { CompressionObserver } from './observer.ts'

/** Minimum size. Compression of a smaller message saves a fifth at best and costs as much as four writes. */
const MIN_BYTES = 256
/** Maximum size. Compression of a larger message blocks the event loop for more than 2 ms. */
const MAX_BYTES = 1024 ** 2

/** The fastest level: for JSON the default level costs more than twice the CPU and saves nothing more. */
const OPTIONS = { level: 1, finishFlush: constants.Z_SYNC_FLUSH }
/** Length of the end of a sync flush, which the wire omits (RFC 7692, section 7.2.1). */
const TAIL_BYTES = 4

export class Deflater {
  readonly #observer: Pick<CompressionObserver, 'deflated'>

  constructor(observer: Pick<CompressionObserver, 'deflated'>) {
    this.#observer = observer
  }

  readonly bytesOf = madeOnce((frame) => this.#build(frame))

  #build(frame: Frame): Uint8Array {
    // A batch of one connection: each message as it is compressed for all its receivers, in one write.
    if (frame.parts !== undefined) return Buffer.concat(frame.parts.map(this.bytesOf))
    const { encoding, payload } = frame
    if (frame.shared !== true || payload.length < MIN_BYTES || payload.length > MAX_BYTES)
      return frameBytes(frame)
    const deflated = deflateRawSync(payload, OPTIONS)
    const length = deflated.length - TAIL_BYTES
    const pays = length < payload.length
    this.#observer.deflated(payload.length, pays ? length : payload.length)
    return pays ? framed(encoding, deflated.subarray(0, length), COMPRESSED) : frameBytes(frame)
  }
}
