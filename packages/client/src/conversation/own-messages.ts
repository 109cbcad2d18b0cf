/** Own messages that the loaded log does not have: unsent ones, and acknowledged ones. */
import type { SendReply } from '../calls.ts'
import type { Outbox, Unsent } from '../sending/outbox.ts'
import type { Amendment, Item, Target } from '../wire/shapes.ts'
import { amend } from './amend.ts'
import { sentItem } from './messages.ts'

export interface OwnMessagesOptions {
  readonly conversation: string
  readonly me: string
  readonly outbox: Outbox
}

export class OwnMessages {
  readonly #options: OwnMessagesOptions
  /** By `clientId`. */
  readonly #acknowledged = new Map<string, Item>()

  constructor(options: OwnMessagesOptions) {
    this.#options = options
  }

  get unsent(): Unsent[] {
    const { conversation, outbox } = this.#options
    return outbox.list().filter((entry) => entry.conversation === conversation)
  }

  get acknowledged(): Item[] {
    return [...this.#acknowledged.values()]
  }

  /** The server accepted a message that the log does not show yet. */
  acknowledge(entry: Unsent, reply: SendReply): Item {
    const item = sentItem(entry, reply, this.#options.me)
    this.#acknowledged.set(entry.clientId, item)
    return item
  }

  /** The log has the message, so it is sent even if its reply was lost. */
  arrived(clientId: string): void {
    this.#acknowledged.delete(clientId)
    this.#options.outbox.remove(clientId)
  }

  amended(target: Target, amendment: Amendment): void {
    const item = this.acknowledged.find(({ id }) => id === target.id)
    if (item !== undefined) this.#acknowledged.set(item.clientId, amend(item, amendment))
  }
}
