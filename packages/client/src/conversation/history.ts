/** The timeline of a conversation and the calls that load it. */
import type { CallServer } from '../calls.ts'
import { type ChatError, toChatError } from '../errors.ts'
import { Timeline } from './timeline.ts'

const HISTORY_PAGE_SIZE = 50

export interface HistoryOptions {
  readonly conversation: string
  readonly call: CallServer
  /** To be called when the newest page is loaded. */
  readonly loaded: () => Promise<void>
  /** To be called when the visible state changed. */
  readonly changed: () => void
}

export class History {
  readonly timeline = new Timeline()
  readonly #options: HistoryOptions
  /** Incremented when the timeline is reset, which makes replies in flight obsolete. */
  #generation = 0
  #loading: Promise<void> | undefined
  #older: Promise<void> | undefined
  #error: ChatError | undefined

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  get loadingOlder(): boolean {
    return this.#older !== undefined
  }

  /** The error of the newest page's load. */
  get error(): ChatError | undefined {
    return this.#error
  }

  /** Loads the newest page. Never rejects: see {@link error}. */
  load(): Promise<void> {
    this.#loading ??= this.#loadNewest().finally(() => {
      this.#loading = undefined
      this.#options.changed()
    })
    return this.#loading
  }

  /** Loads the previous page; no effect at the beginning. Rejects with `ChatError`. */
  loadOlder(): Promise<void> {
    this.#older ??= this.#loadOlder().finally(() => {
      this.#older = undefined
      this.#options.changed()
    })
    return this.#older
  }

  /** Resets the timeline after a loss or for another log. */
  forget(): void {
    this.#generation++
    this.timeline.reset()
  }

  async #loadNewest(): Promise<void> {
    const { call, conversation, loaded } = this.#options
    try {
      for (let done = false; !done; ) {
        const generation = this.#generation
        this.timeline.expect()
        const page = await call('chat.history', { conversation, limit: HISTORY_PAGE_SIZE })
        done = generation === this.#generation
        if (done) this.timeline.newest(page)
      }
      this.#error = undefined
      await loaded()
    } catch (thrown) {
      this.timeline.reset()
      const error = toChatError(thrown)
      // Without a connection, the load is retried at the next one.
      this.#error = error.unreached ? undefined : error
    }
  }

  async #loadOlder(): Promise<void> {
    const { call, conversation, changed } = this.#options
    for (let found = 0; found === 0; ) {
      const before = this.timeline.before
      if (before === undefined) return
      changed()
      const page = await call('chat.history', { conversation, before, limit: HISTORY_PAGE_SIZE })
      this.timeline.older(page, before)
      found = page.items.length
      // The page was discarded by a reload, or it is the first page of the log.
      if (this.timeline.before === before) return
    }
  }
}
