/**
 * The way from outboxes to sockets. Whoever has something for many sockets decides for a few of them first and writes to all of
 * these then: a write is a system call that empties the processor's caches of what the next decision reads, and decisions made in
 * one go read memory side by side (docs/performance/where-time-goes.md).
 */
import type { Frame, Socket } from '../socket.ts'

/** So many are decided together. Few enough to stay in the caches until they are written; other numbers were not tried. */
export const STEP = 32

export class Writes {
  #sockets: Socket[] = []
  #frames: Frame[] = []
  #holding = false

  /** Now, or when what is held leaves; in the order of the calls in any case. */
  send(socket: Socket, frame: Frame): void {
    if (!this.#holding) {
      socket.send(frame)
      return
    }
    this.#sockets.push(socket)
    this.#frames.push(frame)
  }

  /** Calls `each` for `items[from..to)`, holes left out, and writes what comes of it behind the last. */
  step<T>(items: readonly (T | undefined)[], from: number, to: number, each: (item: T) => void): void {
    // Within another step what comes here leaves with that one.
    const outer = this.#holding
    this.#holding = true
    try {
      for (let at = from; at < to; at++) {
        const item = items[at]
        if (item !== undefined) each(item)
      }
    } finally {
      this.#holding = outer
      if (!outer) this.flush()
    }
  }

  /** Writes what is held: whoever ends a connection calls this before the close frame. */
  flush(): void {
    const sockets = this.#sockets
    const frames = this.#frames
    // Let go of first: should a write fail, or end a connection that flushes, nothing is written twice.
    this.#sockets = []
    this.#frames = []
    for (let at = 0; at < sockets.length; at++) {
      const socket = sockets[at]
      const frame = frames[at]
      if (socket !== undefined && frame !== undefined) socket.send(frame)
    }
  }
}
