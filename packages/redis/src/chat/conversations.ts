import type { Conversations } from '@skein/chat'
import { type Calls, USER_TTL } from './calls.ts'

export function redisConversations({ keys, run }: Calls): Conversations {
  const flags = async (user: string, conversations: readonly string[]) => {
    if (conversations.length === 0) return []
    const { muted, pinned } = keys.user(user)
    const [m, p] = await run('read flags', (client) =>
      Promise.all([client.smismember(muted, ...conversations), client.smismember(pinned, ...conversations)]),
    )
    return conversations.map((_, at) => ({ muted: m[at] === 1, pinned: p[at] === 1 }))
  }
  return {
    flags,
    async addRoom(user, room, most) {
      const limit = Number.isFinite(most) ? most : 'inf'
      return (await run('add a room', (client) => client.roomAdd(keys.user(user).rooms, room, limit))) === 1
    },
    async removeRoom(user, room) {
      await run('remove a room', (client) => client.srem(keys.user(user).rooms, room))
    },
    async touchDirect(user, other, at, most) {
      await run('touch a conversation', (client) =>
        client.directTouch(keys.user(user).directs, other, at, most),
      )
    },
    async of(user) {
      const { rooms, directs } = keys.user(user)
      const [r, d] = await run('list conversations', (client) =>
        Promise.all([client.smembers(rooms), client.zrevrange(directs, 0, -1)]),
      )
      return { rooms: r, directs: d }
    },
    async touch(conversation, at, ttl) {
      await run('touch a conversation', (client) =>
        client.touchConversation(keys.touched(conversation), at, ttl),
      )
    },
    async touched(conversations) {
      const times = await run('read times', (client) =>
        Promise.all(conversations.map((conversation) => client.get(keys.touched(conversation)))),
      )
      return times.map((time) => (time === null ? undefined : Number(time)))
    },
    async setFlags(user, conversation, change) {
      const { muted, pinned } = keys.user(user)
      await run('set flags', async (client) => {
        const set = (key: string, on: boolean | undefined) => {
          if (on === undefined) return undefined
          return on ? client.sadd(key, conversation) : client.srem(key, conversation)
        }
        await Promise.all([
          set(muted, change.muted),
          set(pinned, change.pinned),
          client.expire(muted, USER_TTL),
          client.expire(pinned, USER_TTL),
        ])
      })
      const [now] = await flags(user, [conversation])
      return now ?? { muted: false, pinned: false }
    },
  }
}
