/** The bytes of frames for connections that compress. */
import { constants, deflateRawSync } from 'node:zlib'
import type { Frame } from '@skein/core'
import { COMPRESSED, frameBytes, framed, madeOnce } from '../frame-bytes.ts'
import type { CompressionObserver } from './compression.ts'

/** Less saves a fifth at best, for 11 us, which is four writes. Bytes. */
const LEAST = 256
/** More takes over 2 ms of the event loop. Bytes. */
const MOST = 1024 ** 2

/** The fastest level: of a JSON of 5 KB it leaves 18 % and takes 18 us, the usual one as much and takes 48. */
const OPTIONS = { level: 1, finishFlush: constants.Z_SYNC_FLUSH }
/** What a sync flush ends with and the wire leaves out: RFC 7692, 7.2.1. */
const TAIL = 4

export class Deflater {
  readonly #observer: Pick<CompressionObserver, 'deflated'>

  constructor(observer: Pick<CompressionObserver, 'deflated'>) {
    this.#observer = observer
  }

  readonly bytesOf = madeOnce((frame) => this.#build(frame))

  #build(frame: Frame): Uint8Array {
    // Messages that wait for one connection alone: each as it is deflated for all who get it, and one write.
    if (frame.parts !== undefined) return Buffer.concat(frame.parts.map(this.bytesOf))
    const { encoding, payload } = frame
    if (frame.shared !== true || payload.length < LEAST || payload.length > MOST) return frameBytes(frame)
    const deflated = deflateRawSync(payload, OPTIONS)
    const length = deflated.length - TAIL
    const pays = length < payload.length
    this.#observer.deflated(payload.length, pays ? length : payload.length)
    return pays ? framed(encoding, deflated.subarray(0, length), COMPRESSED) : frameBytes(frame)
  }
}
