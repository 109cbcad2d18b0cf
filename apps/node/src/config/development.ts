/** Defaults of `SKEIN_ENV=development`. None is a secret, and production refuses each of them. */
import type { ChannelsConfig } from '@skein/core'

export const DEV_SECRET = 'skein-development-secret-not-for-production'
export const DEV_API_KEY = 'skein-development-key'

/** The namespaces of development, as docs/reference/namespaces.md lists them. */
export const DEV_CHANNELS: ChannelsConfig = {
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
  },
  withoutNamespace: { subscribe: 'anyone', publish: 'anyone' },
  personal: { historySize: 100, historyTtl: 3600, recovery: true },
}
