/** Dispatches server events to conversations, people and listeners. */
import type { ChatEvents } from '../client-options.ts'
import type { ConversationList } from '../conversation/list.ts'
import type { People } from '../people/people.ts'
import type { Emitter } from '../util/emitter.ts'
import {
  type ConversationEvent,
  type MessageEvent,
  parseServerEvent,
  type ServerEvent,
} from '../wire/events.ts'
import type { Person } from '../wire/shapes.ts'

export interface ReceiverOptions {
  readonly list: ConversationList
  readonly people: People
  readonly emitter: Emitter<ChatEvents>
  /** True once the list is loaded. Unknown conversations are loaded only then. */
  readonly started: () => boolean
  /** The user left the conversation or was removed. */
  readonly removed: (conversation: string, reason: ConversationEvent['reason']) => void
}

export class Receiver {
  readonly #options: ReceiverOptions

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  /** Handles a publication. Other data than chat events is ignored. */
  receive(channel: string, data: unknown, offset: number): void {
    const event = parseServerEvent(data)
    if (event === undefined) return
    // Inbox offsets are not log offsets; inbox events carry the log offset themselves.
    this.#apply(event, channel.startsWith('#') ? 0 : offset)
  }

  #apply(event: ServerEvent, inLog: number): void {
    const { list, people, emitter } = this.#options
    switch (event.event) {
      case 'message':
        this.#message(event, event.offset ?? inLog)
        return
      case 'amended':
        list.get(event.conversation)?.amended(event)
        return
      case 'hidden':
        list.get(event.conversation)?.hidden(event)
        return
      case 'typing':
        list.get(event.conversation)?.typingOf(event)
        return
      case 'read':
      case 'delivered':
        list.get(event.conversation)?.receipt(event)
        return
      case 'conversation':
        this.#conversationChanged(event)
        return
      case 'mention':
        emitter.emit('mention', event)
        return
      case 'invited':
        emitter.emit('invited', event)
        return
      case 'presence':
        people.update(personOf(event))
        return
      default:
        event satisfies never
    }
  }

  #message(event: MessageEvent, offset: number): void {
    const { list, emitter, started } = this.#options
    const { conversation: id } = event
    const conversation = list.record(id)
    conversation.message(event, offset)
    if (!conversation.known && started()) void list.ensure(id)
    emitter.emit('message', { conversation: list.handle(id), message: event.message })
  }

  #conversationChanged(event: ConversationEvent): void {
    const { conversation: id, change, reason } = event
    const { list, started, removed } = this.#options
    const known = list.get(id)
    if (change === 'removed') removed(id, reason)
    else if (known?.known === true) known.conversation(event)
    else if (started()) void list.ensure(id)
  }
}

function personOf({ event: _, ...person }: { readonly event: 'presence' } & Person): Person {
  return person
}
