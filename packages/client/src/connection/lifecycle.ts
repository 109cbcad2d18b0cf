/** The connection's state, and the work of the client's parts after each connect and disconnect. */
import type { ConversationList } from '../conversation/list.ts'
import { toChatError } from '../errors.ts'
import { type Readable, Store } from '../util/store.ts'
import { EVERYONE } from '../wire/names.ts'
import type { Following } from './following.ts'
import type { ConnectionState } from './state.ts'

/** A part of the client that starts or pauses with the connection. */
export interface ConnectedPart {
  online?(): void
  offline?(): void
}

export interface LifecycleOptions {
  readonly parts: readonly ConnectedPart[]
  readonly list: ConversationList
  readonly following: Following
  readonly now: () => number
  readonly problem: (error: unknown) => void
}

/** Delay before a failed load of the conversation list is retried. */
const LIST_RETRY_MS = 2000

export class Lifecycle {
  readonly #options: LifecycleOptions
  readonly #state = new Store<ConnectionState>({ state: 'off' })
  #connected = false
  #listLoaded = false
  /** Number of the connection, by which work for an earlier connection is recognised. */
  #run = 0
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(options: LifecycleOptions) {
    this.#options = options
  }

  get state(): Readable<ConnectionState> {
    return this.#state
  }

  get connected(): boolean {
    return this.#connected
  }

  /** True once the list is loaded and no inbox event was lost since. */
  get listLoaded(): boolean {
    return this.#listLoaded
  }

  connecting(again: boolean): void {
    this.#left({ state: again ? 'reconnecting' : 'connecting', since: this.#options.now() })
  }

  disconnected(code: number, reason: string): void {
    this.#left(code === 0 ? { state: 'off' } : { state: 'ended', code, reason })
  }

  /** Recovered publications of server-side subscriptions follow in this turn. */
  arrived(): void {
    this.#connected = true
    this.#state.set({ state: 'catching-up', since: this.#options.now() })
    this.#options.following.reconnected()
    const run = this.#run
    queueMicrotask(() => {
      if (run === this.#run) void this.#resume(run)
    })
  }

  /** Inbox events were lost, so the next resume reloads the list. */
  listOutdated(): void {
    this.#listLoaded = false
  }

  /** Becomes `online` once the list is loaded and every followed channel is live. */
  settle(): void {
    if (this.#state.get().state !== 'catching-up') return
    if (this.#listLoaded && this.#options.following.live) {
      this.#state.set({ state: 'online', since: this.#options.now() })
    }
  }

  #left(state: ConnectionState): void {
    // Retries keep the time of the first attempt, which is the one to show.
    if (this.#state.get().state === state.state) return
    const was = this.#connected
    this.#connected = false
    this.#run++
    clearTimeout(this.#retry)
    this.#state.set(state)
    if (!was) return
    for (const part of this.#options.parts) part.offline?.()
    for (const conversation of this.#options.list.all()) conversation.offline()
  }

  /** Runs after the missed inbox events. */
  async #resume(run: number): Promise<void> {
    const { parts, list } = this.#options
    for (const part of parts) part.online?.()
    for (const conversation of list.all()) conversation.online()
    if (!this.#listLoaded) await this.#loadList(run)
    for (const conversation of list.all()) if (!conversation.known) void list.ensure(conversation.id)
    this.settle()
  }

  async #loadList(run: number): Promise<void> {
    const { list, following, problem } = this.#options
    try {
      await list.load()
      this.#listLoaded = true
      following.follow(EVERYONE, undefined)
    } catch (thrown) {
      const error = toChatError(thrown)
      if (run !== this.#run) return
      problem(error)
      this.#retry = setTimeout(() => void this.#resume(run), LIST_RETRY_MS)
    }
  }
}
