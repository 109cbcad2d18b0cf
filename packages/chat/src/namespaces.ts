/** The namespaces that chat reserves, and their options. */
import type { ChannelsConfig } from '@skein/core'

export interface LogOptions {
  /** Maximum publications in a conversation's log, amendments included. */
  readonly size: number
  /** Retention after the last publication, in seconds. */
  readonly ttl: number
}

/** 1000 messages and 30 days. A longer archive needs a database. */
export const CHAT_LOG: LogOptions = { size: 1000, ttl: 2_592_000 }

/** The namespaces that an application cannot configure. */
export const CHAT_NAMESPACES = ['chat', 'dm', 'people'] as const

/**
 * Adds chat's namespaces to a namespaces file. An inbox keeps as much as a conversation, or as the file
 * configures if that is more. Throws an `Error` when the file configures a namespace that chat reserves.
 */
export function chatChannels(config: ChannelsConfig, log: LogOptions = CHAT_LOG): ChannelsConfig {
  const taken = CHAT_NAMESPACES.filter((name) => Object.hasOwn(config.namespaces, name))
  if (taken.length > 0)
    throw new Error(`namespaces: chat reserves ${taken.join(', ')}: rename yours, or switch chat off`)
  const kept = { historySize: log.size, historyTtl: log.ttl }
  const closed = { subscribe: 'server', publish: 'server', history: 'server' } as const
  return {
    ...config,
    namespaces: {
      ...config.namespaces,
      // Raw history would show deleted messages, so clients cannot read it. `presence` lists users with the
      // room open.
      chat: { ...closed, ...kept, recovery: true, presence: true, presenceFor: 'subscriber' },
      dm: { ...closed, ...kept },
      people: closed,
    },
    personal: {
      ...config.personal,
      historySize: Math.max(log.size, config.personal?.historySize ?? 0),
      historyTtl: Math.max(INBOX_TTL_SECONDS, config.personal?.historyTtl ?? 0),
      recovery: true,
    },
  }
}

/** A week. A device that is offline for longer reloads the list of conversations. */
const INBOX_TTL_SECONDS = 604_800
