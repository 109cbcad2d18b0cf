/** The namespaces that belong to chat. */
import type { ChannelsConfig } from '@skein/core'

export interface LogOptions {
  /** Publications that a conversation's log keeps, amendments included. */
  readonly size: number
  /** Seconds for which it keeps them after the last one. */
  readonly ttl: number
}

/** 1000 messages and a month: what a conversation is opened for. Longer archives are not a message broker's work. */
export const CHAT_LOG: LogOptions = { size: 1000, ttl: 2_592_000 }

/** Adds what chat needs to a namespaces file; what the file says of the inboxes' history stays. */
export function chatChannels(config: ChannelsConfig, log: LogOptions = CHAT_LOG): ChannelsConfig {
  const kept = { historySize: log.size, historyTtl: log.ttl }
  const closed = { subscribe: 'server', publish: 'server', history: 'server' } as const
  return {
    ...config,
    namespaces: {
      ...config.namespaces,
      // Raw history stays with the server: it would show what was deleted. `presence` is who has the room open.
      chat: { ...closed, ...kept, recovery: true, presence: true, presenceFor: 'subscriber' },
      dm: { ...closed, ...kept },
      people: closed,
    },
    personal: { historySize: log.size, historyTtl: 604_800, ...config.personal, recovery: true },
  }
}
