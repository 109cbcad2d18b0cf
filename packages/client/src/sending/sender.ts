/**
 * Sends the outbox: one message per conversation at a time, so a retry keeps the order, and conversations in
 * parallel. An unacknowledged message is sent again with the same id, which the server accepts once.
 */
import type { CallServer, SendReply, SendRequest } from '../calls.ts'
import { type ChatError, toChatError } from '../errors.ts'
import { addressee } from '../wire/names.ts'
import type { Failure, Outbox, Unsent } from './outbox.ts'

/** The server deduplicates for 24 h (CHAT_LIMITS.idempotencyTtl); one hour is a margin for clocks. */
const DEDUPLICATED_MS = 23 * 3_600_000
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000

export interface SenderOptions {
  readonly outbox: Outbox
  readonly me: string
  readonly call: CallServer
  readonly now: () => number
  /** To be called when an entry changed, or left the outbox with a reply. */
  readonly changed: (entry: Unsent, reply?: SendReply) => void
  /** To be called when another tab sent or removed a message of this conversation. */
  readonly gone: (conversation: string) => void
}

export class Sender {
  readonly #options: SenderOptions
  readonly #busy = new Set<string>()
  readonly #retries = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #failures = new Map<string, number>()
  #online = false

  constructor(options: SenderOptions) {
    this.#options = options
  }

  online(): void {
    this.#online = true
    this.#clearRetries()
    const waiting = new Set(this.#options.outbox.list().map(({ conversation }) => conversation))
    for (const conversation of waiting) this.pump(conversation)
  }

  offline(): void {
    this.#online = false
    this.#clearRetries()
  }

  /** Starts sending the conversation's messages, unless a send is in flight. */
  pump(conversation: string): void {
    if (!this.#online || this.#busy.has(conversation) || this.#retries.has(conversation)) return
    this.#busy.add(conversation)
    void this.#sendAll(conversation).finally(() => {
      this.#busy.delete(conversation)
      // A message was added after the last check.
      if (this.#first(conversation) !== undefined) this.pump(conversation)
    })
  }

  /** Retries a failed message. */
  retry(clientId: string): void {
    const entry = this.#options.outbox.update(clientId, ({ failure: _, ...rest }) => rest)
    if (entry === undefined) return
    this.#options.changed(entry)
    this.pump(entry.conversation)
  }

  async #sendAll(conversation: string): Promise<void> {
    for (let entry = this.#first(conversation); entry !== undefined; entry = this.#first(conversation)) {
      const more = await this.#send(entry)
      if (!more) return
    }
  }

  #first(conversation: string): Unsent | undefined {
    if (!this.#online) return undefined
    return this.#options.outbox
      .list()
      .find((entry) => entry.conversation === conversation && entry.failure === undefined)
  }

  /** Returns false to pause until a retry. */
  async #send({ clientId, conversation }: Unsent): Promise<boolean> {
    const { outbox, now, call, me, changed, gone } = this.#options
    const entry = outbox.current(clientId)
    if (entry === undefined) {
      gone(conversation)
      return true
    }
    if (entry.failure !== undefined) return true
    const { triedAt = now() } = entry
    if (now() - triedAt > DEDUPLICATED_MS) return this.#fail(entry, UNKNOWN_OUTCOME)
    try {
      outbox.update(entry.clientId, (unsent) => ({ ...unsent, triedAt }))
      const reply = await call('chat.send', requestOf(entry, me))
      this.#failures.delete(entry.conversation)
      if (outbox.remove(entry.clientId)) changed(entry, reply)
      return true
    } catch (error) {
      return this.#refused(entry, toChatError(error))
    }
  }

  #refused(entry: Unsent, error: ChatError): boolean {
    if (!error.temporary) return this.#fail(entry, { reason: error.reason, message: error.message })
    // After a lost connection `online` resumes. While connected, retries back off.
    if (this.#online) this.#later(entry.conversation)
    return false
  }

  #fail(entry: Unsent, failure: Failure): boolean {
    const failed = this.#options.outbox.update(entry.clientId, (unsent) => ({ ...unsent, failure }))
    if (failed !== undefined) this.#options.changed(failed)
    return true
  }

  #later(conversation: string): void {
    const failures = this.#failures.get(conversation) ?? 0
    this.#failures.set(conversation, failures + 1)
    const wait = Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS)
    const timer = setTimeout(() => {
      this.#retries.delete(conversation)
      this.pump(conversation)
    }, wait)
    this.#retries.set(conversation, timer)
  }

  #clearRetries(): void {
    for (const timer of this.#retries.values()) clearTimeout(timer)
    this.#retries.clear()
    this.#failures.clear()
  }
}

const UNKNOWN_OUTCOME: Failure = {
  reason: 'unknown_outcome',
  message: 'the message may have been sent already: check the conversation before you send it again',
}

function requestOf(entry: Unsent, me: string): SendRequest {
  const { clientId, body, replyTo, mentions, expiresIn, ephemeral } = entry
  return {
    to: addressee(entry.conversation, me),
    clientId,
    body,
    ...(replyTo && { replyTo }),
    ...(mentions && mentions.length > 0 && { mentions }),
    ...(expiresIn !== undefined && { expiresIn }),
    ...(ephemeral === true && { ephemeral }),
  }
}
