/** The namespaces of test clusters: those of the development configuration, and some for tests only. */
import type { ChannelsConfig } from '@skein/core'

export const DEFAULT_CHANNELS: ChannelsConfig = {
  namespaces: {
    room: {
      historySize: 1000,
      historyTtl: 86_400,
      recovery: true,
      presence: true,
      joinLeave: true,
      subscribe: 'anyone',
      publish: 'subscriber',
    },
    news: { historySize: 100, historyTtl: 3600, recovery: true, subscribe: 'anyone', publish: 'server' },
    feed: { subscribe: 'anyone', publish: 'subscriber' },
    /** A short history: a late client is not recovered. */
    short: { historySize: 3, historyTtl: 60, recovery: true, subscribe: 'anyone', publish: 'subscriber' },
    /** Needs a subscription token. */
    private: { historySize: 10, historyTtl: 60, recovery: true, subscribe: 'token', publish: 'subscriber' },
    /** Only the server makes subscriptions. */
    server: { historySize: 100, historyTtl: 60, recovery: true, presence: true, subscribe: 'server' },
  },
  personal: { historySize: 100, historyTtl: 3600, recovery: true },
}
