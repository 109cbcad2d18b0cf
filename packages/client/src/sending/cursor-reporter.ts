/**
 * Reports read or delivered cursors: the furthest position of each conversation, and again after a lost
 * connection.
 */
import type { CallServer } from '../calls.ts'
import { toChatError } from '../errors.ts'

export interface CursorReporterOptions {
  readonly method: 'chat.read' | 'chat.delivered'
  readonly call: CallServer
  /** Time in which positions of one conversation are combined, in ms. */
  readonly delay: number
  readonly problem: (error: unknown) => void
}

export class CursorReporter {
  readonly #options: CursorReporterOptions
  readonly #due = new Map<string, number>()
  readonly #reported = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #online = false

  constructor(options: CursorReporterOptions) {
    this.#options = options
  }

  report(conversation: string, offset: number): void {
    const known = Math.max(this.#due.get(conversation) ?? 0, this.#reported.get(conversation) ?? 0)
    if (offset <= known) return
    this.#due.set(conversation, offset)
    this.#plan()
  }

  online(): void {
    this.#online = true
    this.#plan()
  }

  offline(): void {
    this.#online = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Forgets the offsets of a conversation that was left or has another log. */
  forget(conversation: string): void {
    this.#due.delete(conversation)
    this.#reported.delete(conversation)
  }

  #plan(): void {
    if (!this.#online || this.#due.size === 0) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const due = [...this.#due]
      this.#due.clear()
      for (const [conversation, offset] of due) void this.#send(conversation, offset)
    }, this.#options.delay)
  }

  async #send(conversation: string, offset: number): Promise<void> {
    this.#reported.set(conversation, offset)
    try {
      await this.#options.call(this.#options.method, { conversation, offset })
    } catch (thrown) {
      const error = toChatError(thrown)
      this.#reported.delete(conversation)
      if (error.temporary) this.#again(conversation, offset)
      else this.#options.problem(error)
    }
  }

  #again(conversation: string, offset: number): void {
    this.#due.set(conversation, Math.max(offset, this.#due.get(conversation) ?? 0))
    this.#plan()
  }
}
