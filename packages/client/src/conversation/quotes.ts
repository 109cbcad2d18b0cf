/** Quoted messages outside the loaded part of a conversation, fetched together. */
import type { CallServer } from '../calls.ts'
import { toChatError } from '../errors.ts'
import type { Amendment, Item, Target } from '../wire/shapes.ts'
import { amend } from './amend.ts'

/** The server's limit of targets per call. */
const MAX_TARGETS_PER_CALL = 50

export interface QuotesOptions {
  readonly conversation: string
  readonly call: CallServer
  readonly online: () => boolean
  readonly problem: (error: unknown) => void
  /** To be called when a quoted message arrived. */
  readonly changed: () => void
}

export class Quotes {
  readonly #options: QuotesOptions
  readonly #known = new Map<string, Item | 'gone'>()
  readonly #wanted = new Map<string, Target>()
  #planned = false

  constructor(options: QuotesOptions) {
    this.#options = options
  }

  /** `undefined` until the message is fetched, which the call requests. */
  get(target: Target): Item | 'gone' | undefined {
    const known = this.#known.get(target.id)
    if (known === undefined && !this.#wanted.has(target.id)) {
      this.#wanted.set(target.id, target)
      this.fetch()
    }
    return known
  }

  /** Requests what is missing, at once or with the next connection. */
  fetch(): void {
    if (this.#planned || this.#wanted.size === 0 || !this.#options.online()) return
    this.#planned = true
    queueMicrotask(() => void this.#load())
  }

  amended({ id }: Target, amendment: Amendment): void {
    const known = this.#known.get(id)
    if (known !== undefined && known !== 'gone') this.#known.set(id, amend(known, amendment))
  }

  hidden({ id }: Target): void {
    if (this.#known.has(id)) this.#known.set(id, 'gone')
  }

  clear(): void {
    this.#known.clear()
    this.#wanted.clear()
  }

  async #load(): Promise<void> {
    const { conversation, call, changed, problem } = this.#options
    const targets = [...this.#wanted.values()].slice(0, MAX_TARGETS_PER_CALL)
    try {
      const { items } = await call('chat.messages', { conversation, targets })
      this.#settle(targets, items)
    } catch (thrown) {
      const error = toChatError(thrown)
      this.#planned = false
      if (error.unreached) return
      this.#settle(targets, [])
      problem(error)
    }
    this.#planned = false
    changed()
    this.fetch()
  }

  #settle(targets: readonly Target[], items: readonly Item[]): void {
    const byId = new Map(items.map((item) => [item.id, item]))
    for (const { id } of targets) {
      if (this.#wanted.delete(id)) this.#known.set(id, byId.get(id) ?? 'gone')
    }
  }
}
