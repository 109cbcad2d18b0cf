/** Subscribes and unsubscribes of one turn of the event loop, in order, as few commands as possible. */
import type { Client } from './scripts.ts'
import { NotSent } from './unavailable.ts'

type Verb = 'subscribe' | 'unsubscribe'

interface Wish {
  readonly verb: Verb
  readonly bus: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class SubscribeQueue {
  readonly #client: Client
  readonly #batch: number
  readonly #bound: number
  #wishes: Wish[] = []
  #pending = 0

  constructor(client: Client, batch: number, bound: number) {
    this.#client = client
    this.#batch = batch
    this.#bound = bound
  }

  /** Resolves when Redis has confirmed it. */
  push(verb: Verb, bus: string): Promise<void> {
    if (this.#pending >= this.#bound) {
      return Promise.reject(new NotSent(`${this.#bound} subscriptions are already waiting for Redis`))
    }
    this.#pending += 1
    return new Promise<void>((resolve, reject) => {
      if (this.#wishes.length === 0) setImmediate(() => this.#flush())
      this.#wishes.push({ verb, bus, resolve, reject })
    }).finally(() => {
      this.#pending -= 1
    })
  }

  #flush(): void {
    const wishes = this.#wishes
    this.#wishes = []
    let from = 0
    for (let at = 1; at <= wishes.length; at++) {
      const full = at - from >= this.#batch
      if (!full && at < wishes.length && wishes[at]?.verb === wishes[from]?.verb) continue
      void this.#send(wishes.slice(from, at))
      from = at
    }
  }

  async #send(run: readonly Wish[]): Promise<void> {
    const verb = run[0]?.verb ?? 'subscribe'
    try {
      await this.#client[verb](...run.map((wish) => wish.bus))
      for (const wish of run) wish.resolve()
    } catch (error) {
      for (const wish of run) wish.reject(error)
    }
  }
}
