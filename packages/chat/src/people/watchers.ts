/**
 * People whom this node's connections watch: enforces the limit, and refreshes them when another node is
 * gone.
 */
import type { Timer } from '@skein/core'
import { type ChatContext, report } from '../context.ts'
import { ChatError } from '../errors.ts'
import type { Presence } from './presence.ts'

const PREFIX = 'people:'

/** The user of a presence channel; `undefined` for other channels and for an invalid encoding. */
export function watchedUser(channel: string): string | undefined {
  if (!channel.startsWith(PREFIX)) return undefined
  const encoded = channel.slice(PREFIX.length)
  try {
    const user = decodeURIComponent(encoded)
    return encodeURIComponent(user) === encoded && user !== '' ? user : undefined
  } catch {
    return undefined // Invalid percent-encoding: the channel belongs to no user.
  }
}

export class Watchers {
  readonly #chat: ChatContext
  readonly #presence: Presence
  readonly #byClient = new Map<string, Set<string>>()
  #members = new Set<string>()
  #timer: Timer | undefined
  #stopped = false

  constructor(chat: ChatContext, presence: Presence) {
    this.#chat = chat
    this.#presence = presence
  }

  /** Throws `watch_limit`. */
  admit(client: string): void {
    if ((this.#byClient.get(client)?.size ?? 0) >= this.#chat.limits.watches)
      throw new ChatError('watch_limit')
  }

  add(client: string, user: string): void {
    const users = this.#byClient.get(client) ?? new Set()
    this.#byClient.set(client, users.add(user))
  }

  remove(client: string, user: string): void {
    const users = this.#byClient.get(client)
    users?.delete(user)
    if (users?.size === 0) this.#byClient.delete(client)
  }

  start(): void {
    this.#timer = this.#chat.clock.setTimeout(() => {
      this.check()
        .catch((error: unknown) => report(this.#chat, 'watchers', error))
        .finally(() => {
          if (!this.#stopped) this.start()
        })
    }, this.#chat.limits.memberCheck)
  }

  stop(): void {
    this.#stopped = true
    if (this.#timer !== undefined) this.#chat.clock.clearTimeout(this.#timer)
  }

  /** Refreshes every watched person when an incarnation is gone. */
  async check(): Promise<void> {
    const members = new Set((await this.#chat.node.info()).map(({ uid }) => uid))
    const gone = [...this.#members].some((uid) => !members.has(uid))
    this.#members = members
    if (!gone) return
    const watched = new Set([...this.#byClient.values()].flatMap((users) => [...users]))
    for (const user of watched) this.#presence.soon(user)
  }
}
