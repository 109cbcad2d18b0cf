/** Options and events of a client. */
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
  /** Storage of unsent messages. Default: `localStorage` in browsers, memory elsewhere. */
  readonly storage?: KeyValueStorage
  /** A stable id of this device. Default: a generated id in storage. */
  readonly device?: string
  /** The device's name in the list of devices. */
  readonly deviceName?: string
  /** Options of the SDK: timeouts, delays, a WebSocket constructor. */
  readonly sdk?: Partial<Options>
  /** Replaces the SDK in tests. */
  readonly transport?: Transport
  readonly now?: () => number
}

export interface ChatEvents {
  /** A new message, of another user or of another device of this user. */
  message: { readonly conversation: Conversation; readonly message: Message }
  /** Another user mentioned this user in a room. */
  mention: MentionEvent
  invited: InvitedEvent
  /** The user left a conversation or was removed from it. */
  removed: {
    readonly conversation: string
    readonly reason: ConversationEvent['reason']
    /** The last known state; absent if the room was never loaded. */
    readonly room: Room | undefined
  }
  /** An error outside any call of the application. */
  problem: ChatError
}

export function transportOf(options: ChatClientOptions, storage: KeyValueStorage): Transport {
  const { url, getToken, sdk, deviceName = '' } = options
  const device = options.device ?? deviceId(storage, newClientId)
  return new CentrifugeTransport({ url, getToken, device, deviceName, sdk })
}
