/** The timeline of a conversation with the calls that fill it. */
import type { CallServer } from '../calls.ts'
import { type ChatError, toChatError } from '../errors.ts'
import { Timeline } from './timeline.ts'

const HISTORY_PAGE_SIZE = 50

export interface HistoryOptions {
  readonly conversation: string
  readonly call: CallServer
  /** The newest page is here. */
  readonly loaded: () => Promise<void>
  /** Something that is shown has changed. */
  readonly changed: () => void
}

export class History {
  readonly timeline = new Timeline()
  readonly #options: HistoryOptions
  /** Counts what makes replies on their way worthless. */
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

  /** Why the newest page could not be had. */
  get error(): ChatError | undefined {
    return this.#error
  }

  /** The newest page. Never rejects: see {@link error}. */
  load(): Promise<void> {
    this.#loading ??= this.#loadNewest().finally(() => {
      this.#loading = undefined
      this.#options.changed()
    })
    return this.#loading
  }

  /** The page before what is loaded; at the beginning nothing. Rejects with `ChatError`. */
  loadOlder(): Promise<void> {
    this.#older ??= this.#loadOlder().finally(() => {
      this.#older = undefined
      this.#options.changed()
    })
    return this.#older
  }

  /** Something was lost, or the log is another one. */
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
      // Without a connection it is tried again when there is one.
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
      // Thrown away because the log was read anew meanwhile, or the last page there is.
      if (this.timeline.before === before) return
    }
  }
}
