/** What a client is made with, and what it tells. */
import type { Options } from 'centrifuge'
import { CentrifugeTransport } from './connection/centrifuge-transport.ts'
import type { Transport } from './connection/transport.ts'
import type { Conversation } from './conversation/conversation.ts'
import type { ChatError } from './errors.ts'
import { newClientId } from './util/ids.ts'
import { deviceId, type KeyValueStorage } from './util/storage.ts'
import type { ConversationEvent, InvitedEvent, MentionEvent } from './wire/events.ts'
import type { Message, Room } from './wire/shapes.ts'

export interface ChatClientOptions {
  /** `wss://…/connection/websocket`. */
  readonly url: string
  /** The `sub` of the tokens. */
  readonly user: string
  /** A fresh JWT whenever the SDK needs one. */
  readonly getToken: () => Promise<string>
  /** Where unsent messages outlive the page; `localStorage` in browsers, memory elsewhere. */
  readonly storage?: KeyValueStorage
  /** A stable name of this device; one is made and kept in storage. */
  readonly device?: string
  /** For people, in the list of devices. */
  readonly deviceName?: string
  /** Options of the SDK: timeouts, delays, a WebSocket constructor. */
  readonly sdk?: Partial<Options>
  /** Instead of the SDK, for tests. */
  readonly transport?: Transport
  readonly now?: () => number
}

export interface ChatEvents {
  /** A message that was not known here, of others or from another device of one's own. */
  message: { readonly conversation: Conversation; readonly message: Message }
  /** Somebody mentioned this user in a room. */
  mention: MentionEvent
  invited: InvitedEvent
  /** A conversation is not ours any more. */
  removed: {
    readonly conversation: string
    readonly reason: ConversationEvent['reason']
    /** As it was known last; absent: it never was. */
    readonly room: Room | undefined
  }
  /** Trouble that no call can be blamed for. */
  problem: ChatError
}

export function transportOf(options: ChatClientOptions, storage: KeyValueStorage): Transport {
  const { url, getToken, sdk, deviceName = '' } = options
  const device = options.device ?? deviceId(storage, newClientId)
  return new CentrifugeTransport({ url, getToken, device, deviceName, sdk })
}
