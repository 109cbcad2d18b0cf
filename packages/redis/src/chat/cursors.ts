import type { Advance, Cursor, Cursors } from '@skein/chat'
import { type Calls, USER_TTL_SECONDS } from './calls.ts'

export function redisCursors({ keys, run }: Calls): Cursors {
  const advance = async (key: string, conversation: string, cursor: Cursor): Promise<Advance> => {
    const { offset, at, epoch } = cursor
    const [moved, now] = await run('move a cursor', key, (client) =>
      client.cursor(key, conversation, offset, at, epoch, USER_TTL_SECONDS),
    )
    return { advanced: moved === 1, cursor: parse(now) }
  }
  return {
    read: (user, conversation, cursor) => advance(keys.user(user).read, conversation, cursor),
    async deliver(user, device, conversation, cursor) {
      const own = keys.user(user)
      const [, furthest] = await Promise.all([
        advance(own.delivered(device), conversation, cursor),
        advance(own.furthest, conversation, cursor),
      ])
      return furthest
    },
    async of(user, conversations) {
      if (conversations.length === 0) return []
      const { read, furthest } = keys.user(user)
      const [r, d] = await run('read cursors', read, (client) =>
        Promise.all([client.hmget(read, ...conversations), client.hmget(furthest, ...conversations)]),
      )
      return conversations.map((_, at) => ({ ...named('read', r[at]), ...named('delivered', d[at]) }))
    },
  }
}

function named<N extends string>(name: N, text: string | null | undefined): { readonly [K in N]?: Cursor } {
  if (text === null || text === undefined) return {}
  return { [name]: parse(text) } as { readonly [K in N]: Cursor }
}

function parse(text: string): Cursor {
  const [offset, at] = text.split(' ', 2)
  const epoch = text.slice(`${offset} ${at} `.length)
  return { offset: Number(offset), at: Number(at), epoch }
}
