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

/** The namespaces that are chat's alone. */
export const CHAT_NAMESPACES = ['chat', 'dm', 'people'] as const

/**
 * Adds what chat needs to a namespaces file. Inboxes keep as much as conversations do, or what the file says if that is
 * more. Throws an `Error` when the file has a namespace of chat's for itself.
 */
export function chatChannels(config: ChannelsConfig, log: LogOptions = CHAT_LOG): ChannelsConfig {
  const taken = CHAT_NAMESPACES.filter((name) => Object.hasOwn(config.namespaces, name))
  if (taken.length > 0)
    throw new Error(`namespaces: ${taken.join(', ')}: chat has these: rename yours, or switch chat off`)
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
    personal: {
      ...config.personal,
      historySize: Math.max(log.size, config.personal?.historySize ?? 0),
      historyTtl: Math.max(INBOX_TTL, config.personal?.historyTtl ?? 0),
      recovery: true,
    },
  }
}

/** A week, seconds: who is away for longer starts from the list of conversations. */
const INBOX_TTL = 604_800
