/**
 * Frames that wait for sockets. Subscribers of the same busy channels wait for the same sequence, so a
 * sequence is one shared object: appending the same frame gives the same object, and its bytes are joined
 * once for all sockets.
 */
import type { Encoding } from '@skein/protocol'
import type { Frame } from '../socket.ts'

/** SDKs and proxies bound the size of a message (Python's `websockets`: 1 MiB). */
const MAX_JOINED_BYTES = 65_536

type Join = (payloads: readonly Uint8Array[]) => Uint8Array

export class Batch {
  readonly frame: Frame
  readonly count: number
  readonly bytes: number
  /** Sockets that this sequence waits for. */
  holders = 1
  readonly #before: Batch | undefined
  #lastNext: Batch | undefined
  #joined: readonly Frame[] | undefined

  constructor(frame: Frame, before?: Batch) {
    this.frame = frame
    this.#before = before
    this.count = (before?.count ?? 0) + 1
    this.bytes = (before?.bytes ?? 0) + frame.payload.length
  }

  /** This sequence followed by `frame`. */
  with(frame: Frame): Batch {
    this.holders--
    if (this.#lastNext?.frame === frame) {
      this.#lastNext.holders++
      return this.#lastNext
    }
    this.#lastNext = new Batch(frame, this)
    return this.#lastNext
  }

  /** The sequence as frames to write, in order. */
  frames(join: Join): readonly Frame[] {
    this.#joined ??= this.count === 1 ? [this.frame] : joinAll(this.#sequence(), join, this.holders > 1)
    return this.#joined
  }

  #sequence(): Frame[] {
    const frames = new Array<Frame>(this.count)
    let batch: Batch | undefined = this
    for (let i = this.count - 1; batch !== undefined; i--) {
      frames[i] = batch.frame
      batch = batch.#before
    }
    return frames
  }
}

function joinAll(frames: readonly Frame[], join: Join, shared: boolean): Frame[] {
  const out: Frame[] = []
  let group: Frame[] = []
  let bytes = 0
  const flush = (): void => {
    const [first] = group
    if (first === undefined) return
    out.push(group.length === 1 ? first : joinOne(first.encoding, group, join, shared))
    group = []
    bytes = 0
  }
  for (const frame of frames) {
    if (bytes + frame.payload.length > MAX_JOINED_BYTES) flush()
    group.push(frame)
    bytes += frame.payload.length
  }
  flush()
  return out
}

function joinOne(encoding: Encoding, group: readonly Frame[], join: Join, shared: boolean): Frame {
  const payload = join(group.map((frame) => frame.payload))
  if (shared) return { encoding, payload, shared }
  return group.some((frame) => frame.shared === true)
    ? { encoding, payload, parts: group }
    : { encoding, payload }
}
