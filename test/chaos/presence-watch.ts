/** Watches presence while users leave: the time until it is correct, and the leaves of each user. */
import { callApi, now, pause, RawClient, signToken, TEST_API_KEY } from '@skein/testkit'
import type { World } from './world.ts'

interface Stats {
  readonly num_users: number
}

export class PresenceWatch {
  readonly channel: string
  /** Leaves by user. */
  readonly leaves = new Map<string, number>()
  /** Internal address of the node that serves the reads. */
  readonly #url: string
  readonly #observer: RawClient

  private constructor(url: string, channel: string, observer: RawClient) {
    this.#url = url
    this.channel = channel
    this.#observer = observer
  }

  /** Through the given node, which must survive. */
  static async start(world: World, channel: string, node: number): Promise<PresenceWatch> {
    const observer = await RawClient.open({ url: world.node(node).wsUrl })
    await observer.request('connect', { token: signToken({ sub: 'observer' }) })
    await observer.request('subscribe', { channel, joinLeave: true })
    return new PresenceWatch(world.node(node).internalUrl, channel, observer)
  }

  /** Milliseconds until presence shows `users` users, without the observer. */
  async until(users: number, within: number): Promise<number> {
    const began = now()
    while (now() - began < within) {
      if ((await this.#users()) === users + 1) break
      await pause(50)
    }
    return Math.round(now() - began)
  }

  /** Milliseconds until this number of users has left. */
  async untilLeaves(users: number, within: number): Promise<number> {
    const began = now()
    while (now() - began < within) {
      this.#count()
      if (this.leaves.size >= users) break
      await pause(50)
    }
    return Math.round(now() - began)
  }

  stop(): void {
    this.#count()
    this.#observer.terminate()
  }

  async #users(): Promise<number> {
    try {
      const asked = { channel: this.channel }
      return (await callApi<Stats>(this.#url, 'presence_stats', asked, TEST_API_KEY)).num_users
    } catch {
      return -1 // No reply: the caller keeps waiting.
    }
  }

  #count(): void {
    this.leaves.clear()
    for (const message of this.#observer.messages.all) {
      if (message.kind !== 'push' || message.push.kind !== 'leave') continue
      const { user } = message.push.info
      this.leaves.set(user, (this.leaves.get(user) ?? 0) + 1)
    }
  }
}
