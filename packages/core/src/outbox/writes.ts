/**
 * Writes of outboxes to their sockets. A fan-out decides for a few sockets and then writes to all of them: a
 * write is a system call, which evicts the data of the next decision from the processor's caches.
 */
import type { Frame, Socket } from '../socket.ts'

/** Decisions before their writes: few enough to stay in the caches. Other numbers were not measured. */
export const WRITES_PER_STEP = 32

export class Writes {
  #sockets: Socket[] = []
  #frames: Frame[] = []
  #holding = false

  /** Writes now, or at the end of the step. Keeps the order of the calls. */
  send(socket: Socket, frame: Frame): void {
    if (!this.#holding) {
      socket.send(frame)
      return
    }
    this.#sockets.push(socket)
    this.#frames.push(frame)
  }

  /** Calls `each` for `items[from..to)` without the holes, and then writes what it has sent. */
  step<T>(items: readonly (T | undefined)[], from: number, to: number, each: (item: T) => void): void {
    // A step within another one leaves its writes to the outer step.
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

  /** Writes what the step holds. A connection calls it before its close frame. */
  flush(): void {
    const sockets = this.#sockets
    const frames = this.#frames
    // Cleared first: if a write fails, or ends a connection that flushes, no frame is written twice.
    this.#sockets = []
    this.#frames = []
    for (let at = 0; at < sockets.length; at++) {
      const socket = sockets[at]
      const frame = frames[at]
      if (socket !== undefined && frame !== undefined) socket.send(frame)
    }
  }
}
