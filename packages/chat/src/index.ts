/** The instant-messaging layer over core's public door. */
export { type Chat, type ChatOptions, createChat } from './chat.ts'
export {
  directChannel,
  EVERYONE,
  parseConversation,
  peopleChannel,
  roomChannel,
} from './conversation/conversation.ts'
export { CHAT_ERROR, ChatError, type ChatErrorName } from './errors.ts'
export type { ChatEvent } from './events/chat-event.ts'
export { INTEGRATION_EVENTS, type IntegrationEvent } from './events/integration-event.ts'
export { CHAT_LIMITS, type ChatLimits } from './limits.ts'
export type { Backoff } from './listeners/backoff.ts'
export type { BreakerOptions } from './listeners/breaker.ts'
export type { DeadLetter, KeptLetter } from './listeners/dead-letters.ts'
export type { ListenerState } from './listeners/delivery.ts'
export type { Listener } from './listeners/listener.ts'
export { SIGNATURE_HEADER, SIGNATURE_WINDOW_SECONDS, sign, verify } from './listeners/signature.ts'
export { type Fetch, type WebhookOptions, webhook } from './listeners/webhook.ts'
export { createMemoryChatStorage } from './memory/index.ts'
export { CHAT_LOG, chatChannels, type LogOptions } from './namespaces.ts'
export type { CallOutcome, ChatObserver, DeadReason, Place } from './observer.ts'
export type { SessionView } from './people/devices.ts'
export type * from './ports.ts'
export {
  decodeMessage,
  decodeSendReply,
  decodeSendRequest,
  encodeMessage,
  encodeSendReply,
  encodeSendRequest,
} from './rpc/protobuf.ts'
export type { Amendment, ConversationView, Item, Message, Person, Room, System, Target } from './schema.ts'
