/**
 * Subscribes and unsubscribes of one turn of the event loop, in order, as few commands as possible: one for many channels, or,
 * in a Redis Cluster, one for each slot, written together.
 */
import type { Client } from '../scripts.ts'
import { slotOf } from '../slots/slot.ts'
import { NotSent } from '../unavailable.ts'

type Verb = 'subscribe' | 'unsubscribe'

interface Wish {
  readonly verb: Verb
  readonly bus: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Channels per command. */
const BATCH = 512

/** One subscribe or unsubscribe, confirmed for all. The names are at most {@link BATCH}. */
export async function tell(
  client: Client,
  verb: Verb,
  names: readonly string[],
  sharded: boolean,
): Promise<void> {
  if (!sharded) {
    await client[verb](...names)
    return
  }
  const bySlot = Map.groupBy(names, slotOf)
  // One write to the socket for all of them.
  const { stream } = client
  stream?.cork()
  const told = [...bySlot.values()].map((some) =>
    verb === 'subscribe' ? client.ssubscribe(...some) : client.sunsubscribe(...some),
  )
  stream?.uncork()
  await Promise.all(told)
}

export function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

export class SubscribeQueue {
  readonly #client: Client
  readonly #sharded: boolean
  readonly #bound: number
  #wishes: Wish[] = []
  #pending = 0

  constructor(client: Client, sharded: boolean, bound: number) {
    this.#client = client
    this.#sharded = sharded
    this.#bound = bound
  }

  /** Wishes that Redis has not confirmed. */
  get pending(): number {
    return this.#pending
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
      const full = at - from >= BATCH
      if (!full && at < wishes.length && wishes[at]?.verb === wishes[from]?.verb) continue
      this.#send(wishes.slice(from, at))
      from = at
    }
  }

  #send(run: readonly Wish[]): void {
    // Told apart by slot, so that one that has moved fails alone.
    const groups = this.#sharded ? [...Map.groupBy(run, (wish) => slotOf(wish.bus)).values()] : [run]
    const { stream } = this.#client
    stream?.cork()
    for (const group of groups) void this.#sendGroup(group)
    stream?.uncork()
  }

  async #sendGroup(group: readonly Wish[]): Promise<void> {
    const verb = group[0]?.verb ?? 'subscribe'
    const names = group.map((wish) => wish.bus)
    try {
      await tell(this.#client, verb, names, this.#sharded)
      for (const wish of group) wish.resolve()
    } catch (error) {
      for (const wish of group) wish.reject(error)
    }
  }
}
