import type { Frame } from '../socket.ts'

/** More than this of what may be lost is not worth keeping for a socket that is full. Bytes. */
const MOST = 65_536

/** Ephemeral frames of one full socket: the newest ones, and of `latest` channels the last one only. */
export class EphemeralQueue {
  /** In order of arrival. Frames that nothing newer replaces stand under themselves. */
  readonly #frames = new Map<string | Frame, Frame>()
  #bytes = 0

  /** What had to go for it, if anything: an older one of its channel (`conflate`) or the oldest (`drop`). */
  add(frame: Frame, channel: string | undefined): 'conflate' | 'drop' | undefined {
    const key = channel ?? frame
    const older = this.#frames.get(key)
    if (older !== undefined) this.#remove(key, older)
    this.#frames.set(key, frame)
    this.#bytes += frame.payload.length
    const dropped = this.#trim()
    return older !== undefined ? 'conflate' : dropped ? 'drop' : undefined
  }

  frames(): IterableIterator<Frame> {
    return this.#frames.values()
  }

  #trim(): boolean {
    let dropped = false
    for (const [key, frame] of this.#frames) {
      if (this.#bytes <= MOST || this.#frames.size === 1) break
      this.#remove(key, frame)
      dropped = true
    }
    return dropped
  }

  #remove(key: string | Frame, frame: Frame): void {
    this.#frames.delete(key)
    this.#bytes -= frame.payload.length
  }
}
