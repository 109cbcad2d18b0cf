import type { Conversations } from '@skein/chat'
import { type Calls, USER_TTL_SECONDS } from './calls.ts'

export function redisConversations({ keys, run }: Calls): Conversations {
  const flags = async (user: string, conversations: readonly string[]) => {
    if (conversations.length === 0) return []
    const { muted, pinned } = keys.user(user)
    const [m, p] = await run('read flags', muted, (client) =>
      Promise.all([client.smismember(muted, ...conversations), client.smismember(pinned, ...conversations)]),
    )
    return conversations.map((_, at) => ({ muted: m[at] === 1, pinned: p[at] === 1 }))
  }
  return {
    flags,
    async addRoom(user, room, most) {
      const limit = Number.isFinite(most) ? most : 'inf'
      return (
        (await run('add a room', keys.user(user).rooms, (client) =>
          client.roomAdd(keys.user(user).rooms, room, limit),
        )) === 1
      )
    },
    async removeRoom(user, room) {
      await run('remove a room', keys.user(user).rooms, (client) => client.srem(keys.user(user).rooms, room))
    },
    async touchDirect(user, other, at, most) {
      await run('touch a conversation', keys.user(user).directs, (client) =>
        client.directTouch(keys.user(user).directs, other, at, most),
      )
    },
    async of(user) {
      const { rooms, directs } = keys.user(user)
      const [r, d] = await run('list conversations', keys.user(user).rooms, (client) =>
        Promise.all([client.smembers(rooms), client.zrevrange(directs, 0, -1)]),
      )
      return { rooms: r, directs: d }
    },
    async touch(conversation, at, ttl) {
      await run('touch a conversation', keys.touched(conversation), (client) =>
        client.touchConversation(keys.touched(conversation), at, ttl),
      )
    },
    async touched(conversations) {
      const read = (key: string) => run('read a time', key, (client) => client.get(key))
      const times = await Promise.all(conversations.map((conversation) => read(keys.touched(conversation))))
      return times.map((time) => (time === null ? undefined : Number(time)))
    },
    async setFlags(user, conversation, change) {
      const { muted, pinned } = keys.user(user)
      await run('set flags', muted, async (client) => {
        const set = (key: string, on: boolean | undefined) => {
          if (on === undefined) return undefined
          return on ? client.sadd(key, conversation) : client.srem(key, conversation)
        }
        await Promise.all([
          set(muted, change.muted),
          set(pinned, change.pinned),
          client.expire(muted, USER_TTL_SECONDS),
          client.expire(pinned, USER_TTL_SECONDS),
        ])
      })
      const [now] = await flags(user, [conversation])
      return now ?? { muted: false, pinned: false }
    },
  }
}
