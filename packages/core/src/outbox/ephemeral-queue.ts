import type { Frame } from '../socket.ts'

const MAX_EPHEMERAL_BYTES = 65_536

/** Ephemeral frames of one full socket: the newest ones, and the last one of each `latest` channel. */
export class EphemeralQueue {
  /** In the order of arrival, by channel. The key of a frame that is never replaced is the frame itself. */
  readonly #frames = new Map<string | Frame, Frame>()
  #bytes = 0

  /** Returns what it cost: an older frame of the channel (`conflate`) or the oldest of all (`drop`). */
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
      if (this.#bytes <= MAX_EPHEMERAL_BYTES || this.#frames.size === 1) break
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
