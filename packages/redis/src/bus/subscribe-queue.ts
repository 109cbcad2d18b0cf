/**
 * Subscriptions and unsubscriptions of one turn of the event loop, in order, in as few commands as possible:
 * one for many channels or, in a Redis Cluster, one for each slot.
 */
import type { Client } from '../scripts.ts'
import { slotOf } from '../slots/slot.ts'
import { NotSent } from '../unavailable.ts'

type Verb = 'subscribe' | 'unsubscribe'

interface Request {
  readonly verb: Verb
  readonly bus: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const CHANNELS_PER_COMMAND = 512

/**
 * Sends one subscription or unsubscription, of at most {@link CHANNELS_PER_COMMAND} names. Resolves when
 * Redis confirms it.
 */
export async function sendSubscriptions(
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
  const replies = [...bySlot.values()].map((some) =>
    verb === 'subscribe' ? client.ssubscribe(...some) : client.sunsubscribe(...some),
  )
  await Promise.all(replies)
}

export function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = []
  for (const item of items) {
    batch.push(item)
    if (batch.length < CHANNELS_PER_COMMAND) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

export class SubscribeQueue {
  readonly #client: Client
  readonly #sharded: boolean
  readonly #bound: number
  #requests: Request[] = []
  #pending = 0

  constructor(client: Client, sharded: boolean, bound: number) {
    this.#client = client
    this.#sharded = sharded
    this.#bound = bound
  }

  /** Number of requests that Redis has not confirmed. */
  get pending(): number {
    return this.#pending
  }

  /** Resolves when Redis confirms the request. */
  push(verb: Verb, bus: string): Promise<void> {
    if (this.#pending >= this.#bound) {
      return Promise.reject(new NotSent(`${this.#bound} subscriptions are already waiting for Redis`))
    }
    this.#pending += 1
    return new Promise<void>((resolve, reject) => {
      if (this.#requests.length === 0) setImmediate(() => this.#flush())
      this.#requests.push({ verb, bus, resolve, reject })
    }).finally(() => {
      this.#pending -= 1
    })
  }

  #flush(): void {
    const requests = this.#requests
    this.#requests = []
    let from = 0
    for (let at = 1; at <= requests.length; at++) {
      const full = at - from >= CHANNELS_PER_COMMAND
      if (!full && at < requests.length && requests[at]?.verb === requests[from]?.verb) continue
      this.#send(requests.slice(from, at))
      from = at
    }
  }

  #send(run: readonly Request[]): void {
    // One command for each slot, so that a slot that has moved fails alone.
    const groups = this.#sharded ? [...Map.groupBy(run, (request) => slotOf(request.bus)).values()] : [run]
    for (const group of groups) void this.#sendGroup(group)
  }

  async #sendGroup(group: readonly Request[]): Promise<void> {
    const verb = group[0]?.verb ?? 'subscribe'
    const names = group.map((request) => request.bus)
    try {
      await sendSubscriptions(this.#client, verb, names, this.#sharded)
      for (const request of group) request.resolve()
    } catch (error) {
      for (const request of group) request.reject(error)
    }
  }
}
